// Bun, which loads the package's entries for Node.
import { testPrograms } from "./support/program.mjs";
import { tool } from "./support/project.mjs";

testPrograms("Bun", [tool("bun")]);

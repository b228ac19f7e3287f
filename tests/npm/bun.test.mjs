// Bun, which takes what is for Node.
import { testPrograms } from "./support/program.mjs";
import { tool } from "./support/project.mjs";

testPrograms("Bun", [tool("bun")]);

// Deno, which loads the package's entries for Node. A client needs the permission for the network, and one that reads a file another.
import { testPrograms } from "./support/program.mjs";
import { tool } from "./support/project.mjs";

const deno = [tool("deno"), "run", "--no-prompt", "--allow-net"];

testPrograms("Deno", deno, ["import", "require", "import of the serializers"]);
testPrograms("Deno that may read", [...deno, "--allow-read=."], ["import of slim", "require of slim", "import in a thread"]);

// Deno, which takes what is for Node: with the one permission that a client cannot be without, but where a file is read.
import { testPrograms } from "./support/program.mjs";
import { tool } from "./support/project.mjs";

const deno = [tool("deno"), "run", "--no-prompt", "--allow-net"];

testPrograms("Deno", deno, ["import", "require", "import of the serializers"]);
testPrograms("Deno that may read", [...deno, "--allow-read=."], ["import of slim", "require of slim", "import in a thread"]);

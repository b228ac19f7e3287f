// Every version of Node that the package is for.
import { nodeOf } from "./support/project.mjs";
import { testNode } from "./support/program.mjs";

for (const major of [20, 22, 24]) testNode(`Node ${major}`, nodeOf(major));

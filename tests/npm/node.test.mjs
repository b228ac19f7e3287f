// The Node that runs the tests.
import { testNode } from "./support/program.mjs";

testNode(`Node ${process.version}`, process.execPath);

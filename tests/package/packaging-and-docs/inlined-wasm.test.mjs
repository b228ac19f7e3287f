// How the build writes bytes into a script.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inlinedWasm } from "../../../pkg/build/inlined-wasm.mjs";

const BYTES = {
  "no byte": [],
  "one byte many times": new Array(1000).fill(7),
  "each value once": Array.from({ length: 256 }, (_, value) => value),
  "a few values often, the others seldom": Array.from({ length: 5000 }, (_, at) => (at % 7 === 0 ? at % 256 : at % 3)),
};

for (const [what, values] of Object.entries(BYTES)) {
  test(`the script gives back its bytes: ${what}`, async () => {
    const bytes = Uint8Array.from(values);
    const script = inlinedWasm(bytes);
    assert.match(script, /^[\x20-\x7e\n]*$/, "it is ASCII");
    const { default: back } = await import(`data:text/javascript,${encodeURIComponent(script)}`);
    assert.deepEqual(back, bytes);
  });
}

// The script that the build makes of the bytes of a wasm module.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inlinedWasm } from "../../../pkg/build/inlined-wasm.mjs";

const BYTES = {
  "no byte": [],
  "one byte many times": new Array(1000).fill(7),
  "every value once": Array.from({ length: 256 }, (_, value) => value),
  "a few values often, others seldom": Array.from({ length: 5000 }, (_, at) => (at % 7 === 0 ? at % 256 : at % 3)),
};

for (const [what, values] of Object.entries(BYTES)) {
  test(`the script returns its bytes: ${what}`, async () => {
    const bytes = Uint8Array.from(values);
    const script = inlinedWasm(bytes);
    assert.match(script, /^[\x20-\x7e\n]*$/, "it is not ASCII");
    const { default: back } = await import(`data:text/javascript,${encodeURIComponent(script)}`);
    assert.deepEqual(back, bytes);
  });
}

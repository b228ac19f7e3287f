// The script that the build makes of the bytes of a wasm module.
import assert from "node:assert/strict";
import { test } from "node:test";
import { base64Wasm, inlinedWasm } from "../../../pkg/build/inlined-wasm.mjs";

const BYTES = {
  "no byte": [],
  "one byte many times": new Array(1000).fill(7),
  "every value once": Array.from({ length: 256 }, (_, value) => value),
  "a few values often, others seldom": Array.from({ length: 5000 }, (_, at) => (at % 7 === 0 ? at % 256 : at % 3)),
};

const FORMS = {
  "as ASCII": inlinedWasm,
  "in base64 for browsers": (bytes) => base64Wasm(bytes, true),
  "in base64 for Node": (bytes) => base64Wasm(bytes, false),
};

for (const [form, script] of Object.entries(FORMS)) {
  for (const [what, values] of Object.entries(BYTES)) {
    test(`the script returns its bytes ${form}: ${what}`, async () => {
      const bytes = Uint8Array.from(values);
      const source = script(bytes);
      assert.match(source, /^[\x20-\x7e\n]*$/, "it is not ASCII");
      const { default: made } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
      assert.deepEqual(Uint8Array.from(made()), bytes);
    });
  }
}

// The build rewrites wasm-bindgen's glue only if the glue has the shape that the rewriting was written for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { catchWithoutClosures, shortenNames } from "../../pkg/build/glue.mjs";
import { stepsOf, STEPS } from "../../pkg/build/steps.mjs";

const GLUE = `class Core {
    end() {
        wasm.core_end(this.ptr);
    }
}
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_add_1a: function() { return handleError(function (arg0) {
            const ret = getObject(arg0).add();
            return ret;
        }, arguments); },
    };
    return {
        __proto__: null,
        "./socketio_wasm_bg.js": import0,
    };
}
function handleError(f, args) {
    try {
        return f.apply(this, args);
    } catch (e) {
        wasm.__wbindgen_exn_store(addHeapObject(e));
    }
}
`;
const NAMES = {
  imports: [["./socketio_wasm_bg.js", "__wbg_add_1a", "a"]],
  exports: [["core_end", "b"], ["__wbindgen_exn_store", "c"], ["unused_by_the_glue", "d"]],
};
const isUnknown = (problem) => ({ message: new RegExp(`wasm-bindgen's glue is not as pkg/build/glue.mjs expects it: .*${problem}`) });

test("the glue of the known shape is rewritten", () => {
  const glue = shortenNames(catchWithoutClosures(GLUE), NAMES);
  assert.doesNotMatch(glue, /arguments|__wbg_add_1a|core_end|import0/);
  assert.match(glue, /"a": function\(arg0\) \{\s+try \{/);
  assert.match(glue, /wasm\["b"\]\(this\.ptr\)/);
});

test("a shape that is nowhere in the glue fails the build", () => {
  assert.throws(() => catchWithoutClosures(GLUE.replaceAll("handleError", "catchError")), isUnknown("nothing in it matches"));
  assert.throws(() => shortenNames(GLUE.replaceAll("import0", "imports"), NAMES), isUnknown("nothing in it matches"));
});

test("a shape that is left after a rewriting fails the build", () => {
  const other = "        __wbg_new_2b: function() { return handleError(function () { return 1; }, arguments); },\n    };";
  assert.throws(() => catchWithoutClosures(GLUE.replace("    };", other)), isUnknown("is still in it"));
  assert.throws(() => shortenNames(GLUE.replace("end() {", "end() {\n        wasm.core_free(0);"), NAMES), isUnknown("is still in it"));
});

test("a name of the module that the glue lacks fails the build", () => {
  const imports = [...NAMES.imports, ["./socketio_wasm_bg.js", "__wbg_new_2b", "e"]];
  assert.throws(() => shortenNames(GLUE, { ...NAMES, imports }), isUnknown("it does not use __wbg_new_2b"));
  assert.throws(() => shortenNames(GLUE, { ...NAMES, imports: [["./other.js", "f", "f"]] }), isUnknown("it does not import ./other.js"));
});

test("--without leaves out steps, and names the steps if there is none of that name", () => {
  assert.deepEqual([...stepsOf([])], Object.keys(STEPS));
  assert.deepEqual([...stepsOf(["--without", "terser,wasm-opt"])], Object.keys(STEPS).filter((name) => name !== "terser" && name !== "wasm-opt"));
  assert.equal(stepsOf(["--plain"]).size, 0);
  assert.throws(() => stepsOf(["--without", "nothing"]), /--without nothing: the steps are std-for-size, .*ascii-wasm/);
});

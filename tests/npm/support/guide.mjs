// The programs of the guide's chapter on tests without a network.
import { readFileSync } from "node:fs";

const guide = readFileSync(new URL("../../../docs/guide-javascript.md", import.meta.url), "utf8");

/** Returns the first program of the guide behind a marker. */
export const programBehind = (marker) => guide.slice(guide.indexOf(marker)).match(/```js\n([^]*?)```/)[1];

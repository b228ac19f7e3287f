// Blobs among the arguments of an event, or in an answer: their bytes can be read only later, while JSON and frames are made at once.
import { tuple } from "./tuple.js";

const tagOf = (value) => Object.prototype.toString.call(value);

// Those of another realm are no `instanceof` of ours.
const isBlob = (value) => /^\[object (Blob|File)\]$/.test(tagOf(value));
const hasContents = (value) => Array.isArray(value) || tagOf(value) === "[object Object]";

/**
 * A copy of values, with `null` in the place of each Blob, and these places: what the caller changes in his objects
 * afterwards is not in it. Binary data is not copied, as it is not where there are no Blobs.
 * @param {unknown[]} values
 * @param {number} depth how deep they may be nested
 * @returns {{ values: unknown[], blobs: { holder: object, key: string | number, blob: Blob }[] }}
 * @throws {RangeError} where they are nested deeper, or in a circle
 */
export function separateBlobs(values, depth) {
  const blobs = [];

  const copyOf = (value, holder, key, left) => {
    // Dates, binary data and the like are left to who writes them.
    if (!isBlob(value) && !hasContents(value)) return value;
    if (left === 0) throw new RangeError("values are nested too deeply, or in a circle");
    // As JSON.stringify does it, what comes of a toJSON is not asked for its own.
    const json = typeof value.toJSON === "function" ? value.toJSON() : value;
    if (isBlob(json)) {
      blobs.push({ holder, key, blob: json });
      return null;
    }
    if (!hasContents(json)) return json;
    return copyInto(Array.isArray(json) ? [] : Object.create(null), json, left);
  };

  const copyInto = (copy, from, left) => {
    for (const key of Object.keys(from)) {
      // JSON has no functions, and a toJSON that was copied would be called again.
      if (typeof from[key] !== "function" || Array.isArray(from)) copy[key] = copyOf(from[key], copy, key, left - 1);
    }
    return copy;
  };

  return { values: copyInto([], values, depth + 1), blobs };
}

/** Reads the Blobs, and puts their bytes in their places. */
export async function readBlobs(blobs) {
  for (const { holder, key, blob } of blobs) holder[key] = new Uint8Array(await blob.arrayBuffer());
}

/**
 * Promises the values of an answer with the bytes of their Blobs, as a tuple; undefined where they have none.
 * @param {unknown[]} answer
 * @param {number} depth as above
 */
export function answerWithBlobs(answer, depth) {
  try {
    const { values, blobs } = separateBlobs(answer, depth);
    return blobs.length === 0 ? undefined : readBlobs(blobs).then(() => tuple(...values));
  } catch {
    return undefined; // thrown on, it would unwind the core, which has found the same fault
  }
}

// Blobs among the arguments of an event, or in an answer: their bytes can be read only later, while JSON and frames are made at once.
import { DEEPEST, inCircle, inJson, isInCircle } from "./nesting.js";
import { asTuple } from "./tuple.js";

const tagOf = (value) => Object.prototype.toString.call(value);

// A Blob of another realm is not an `instanceof` this realm's class.
const isBlob = (value) => /^\[object (Blob|File)\]$/.test(tagOf(value));
const hasContents = (value) => Array.isArray(value) || tagOf(value) === "[object Object]";

const isBinary = (value) => ArrayBuffer.isView(value) || /^\[object (Shared)?ArrayBuffer\]$/.test(tagOf(value));

/** Returns true if there is a Blob among values. Each object is searched once: many may refer to it. */
export function holdBlobs(values) {
  const waiting = [{ value: values, level: 0 }];
  const asked = new Set();
  while (waiting.length > 0) {
    const { value, level } = /** @type {{ value: any, level: number }} */ (waiting.pop());
    if (isBlob(value)) return true;
    if (!hasContents(value) || asked.has(value) || level === DEEPEST) continue;
    asked.add(value);
    const json = inJson(value);
    if (isBlob(json)) return true;
    if (hasContents(json)) for (const key of Object.keys(json)) waiting.push({ value: json[key], level: level + 1 });
  }
  return false;
}

/**
 * Returns a copy of values with `null` in the place of each Blob, and these places. Later changes of the caller's objects do not affect
 * the copy. Binary data is not copied, as it is not without Blobs.
 * @param {unknown[]} values
 * @param {number} depth the deepest nesting if there are Blobs or other binary data in them
 * @param {boolean} [hasBinary] true if it is known that there are
 * @returns {{ values: unknown[], blobs: { holder: object, key: string | number, blob: Blob }[] }}
 * @throws {RangeError} if they are nested deeper
 * @throws {TypeError} if they are nested in a circle
 */
export function separateBlobs(values, depth, hasBinary = false) {
  const blobs = [];
  const copies = [];
  const path = []; // from the values down to where the copy is made, without recursion: they may be deeper than the stack
  const onPath = new Set();
  let deepest = 0;

  const copyOf = (value, holder, key) => {
    // The encoder handles Dates and the like.
    if (!isBlob(value) && !hasContents(value)) {
      hasBinary ||= isBinary(value);
      return value;
    }
    if (onPath.has(value)) throw inCircle();
    const json = inJson(value);
    if (isBlob(json)) {
      hasBinary = true;
      blobs.push({ holder, key, blob: json });
      return null;
    }
    if (!hasContents(json)) return json;
    return enter(value, json, Array.isArray(json) ? [] : Object.create(null));
  };

  const enter = (value, from, copy) => {
    if (path.length === DEEPEST) throw new RangeError(`values are nested more than ${DEEPEST} levels deep`);
    onPath.add(value);
    path.push({ value, from, copy, keys: Object.keys(from), next: 0 });
    deepest = Math.max(deepest, path.length);
    checkDepth();
    return copy;
  };

  // The array of the values is a level of its own.
  const checkDepth = () => {
    if (!hasBinary || deepest <= depth + 1) return;
    throw isInCircle(values, hasContents) ? inCircle() : new RangeError("values with binary data are nested more deeply than `limits` allow");
  };

  enter(values, values, copies);
  while (path.length > 0) {
    const level = path.at(-1);
    const { value, from, copy, keys } = level;
    if (level.next === keys.length) {
      path.pop();
      onPath.delete(value);
      continue;
    }
    const key = keys[level.next++];
    // JSON has no functions, and a toJSON that was copied would be called again.
    if (typeof from[key] !== "function" || Array.isArray(from)) copy[key] = copyOf(from[key], copy, key);
  }
  checkDepth();
  return { values: copies, blobs };
}

/** Reads the Blobs, and puts their bytes in their places. */
export async function readBlobs(blobs) {
  for (const { holder, key, blob } of blobs) holder[key] = new Uint8Array(await blob.arrayBuffer());
}

/**
 * Promises the values of an answer with the bytes of their Blobs, as a tuple; undefined if they have none.
 * @param {unknown[]} answer
 * @param {number} depth as above
 */
export function answerWithBlobs(answer, depth) {
  try {
    if (!holdBlobs(answer)) return undefined;
    const { values, blobs } = separateBlobs(answer, depth, true);
    return blobs.length === 0 ? undefined : readBlobs(blobs).then(() => asTuple(values));
  } catch {
    return undefined; // thrown on, it would unwind the core, which has found the same fault
  }
}

// The nesting of values: its depth, and circles. Without recursion, because values may be nested deeper than the stack.

/** The deepest nesting that JSON.stringify can write. A toJSON that returns ever new objects ends here, too. */
export const DEEPEST = 100_000;

/** Returns the value that JSON has in the place of an object. As in JSON.stringify, a toJSON of the result is not called. */
export const inJson = (object) => (typeof object.toJSON === "function" ? object.toJSON() : object);

/** The error of values that are nested in a circle. */
export const inCircle = () => new TypeError("values are nested in a circle");

/**
 * Returns true if an object is nested in a circle. Each object is searched once: many may refer to it.
 * @param {object} value
 * @param {(object: object) => boolean} hasItems whether JSON would look into this object
 */
export function isInCircle(value, hasItems) {
  const path = [];
  const onPath = new Set();
  const done = new Set();
  const enter = (object) => {
    const json = inJson(object);
    onPath.add(object);
    path.push({ object, items: typeof json === "object" && json !== null && hasItems(json) ? Object.values(json) : [] });
  };
  enter(value);
  while (path.length > 0 && path.length <= DEEPEST) {
    const { object, items } = path.at(-1);
    if (items.length === 0) {
      path.pop();
      onPath.delete(object);
      done.add(object);
      continue;
    }
    const item = items.pop();
    if (typeof item !== "object" || item === null || done.has(item)) continue;
    if (onPath.has(item)) return true;
    enter(item);
  }
  return false;
}

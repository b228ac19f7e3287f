// Statistics of the rounds of a row. Pure functions.

/** Returns the value below which a share of the values lies, interpolated between two of them. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const above = Math.ceil(place);
  if (below === above) return sorted[below];
  return sorted[below] * (above - place) + sorted[above] * (place - below); // in a form that works with Infinity
}

/** Returns the median. */
export const median = (values) => quantile(values, 0.5);

/**
 * @typedef {object} Compared
 * @property {number} median
 * @property {number} least
 * @property {number} greatest
 * @property {number} beyond the number of infinite rounds: in those we add something, the peer nothing
 * @property {number} rounds the number of compared rounds
 */

/**
 * Compares round by round, so that a disturbance of the machine affects both sides of a round.
 * @param {number[][]} rounds the figures of each round, in the order of `compare`'s parameters
 * @param {(...figures: number[]) => number} compare
 * @returns {Compared | undefined} undefined if no round could be compared
 */
export function compared(rounds, compare) {
  const values = rounds.map((figures) => compare(...figures)).filter((value) => !Number.isNaN(value));
  if (values.length === 0) return undefined;
  const beyond = values.filter((value) => value === Infinity).length;
  return { median: median(values), least: Math.min(...values), greatest: Math.max(...values), beyond, rounds: values.length };
}

/** Returns the ratio of our figure to the peer's; NaN if the peer's is 0. */
export const ratio = (ours, peer) => (peer === 0 ? NaN : ours / peer);

/**
 * Returns the ratio of our cost above the floor to the peer's. It is infinite if only we add something, and NaN if neither does.
 */
export function excess(ours, peer, floor) {
  if (peer > floor) return (ours - floor) / (peer - floor);
  return ours > floor ? Infinity : NaN;
}

/**
 * Returns whether a target is reached.
 * @param {{ least?: number, most?: number }} target of a comparison
 * @param {Compared} found
 * @returns {"reached" | "MISSED" | "MISSED, within the spread"}
 */
export function verdict({ least = -Infinity, most = Infinity }, found) {
  if (found.median >= least && found.median <= most) return "reached";
  return found.greatest >= least && found.least <= most ? "MISSED, within the spread" : "MISSED";
}

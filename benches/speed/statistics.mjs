// What is made of the figures of a row's rounds. Pure functions.

/** The value below which that share of the values lies, between two of them where it falls there. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const above = Math.ceil(place);
  if (below === above) return sorted[below];
  return sorted[below] * (above - place) + sorted[above] * (place - below); // in a form that bears Infinity
}

/** The middle one. */
export const median = (values) => quantile(values, 0.5);

/**
 * @typedef {object} Compared
 * @property {number} median
 * @property {number} least
 * @property {number} greatest
 * @property {number} beyond how many rounds came to Infinity: in those we add something, the peer nothing
 * @property {number} rounds how many were compared
 */

/**
 * A comparison round by round, so that what disturbed the machine in one round disturbs both sides of it.
 * @param {number[][]} rounds the figures of each round, in the order of `compare`'s parameters
 * @param {(...figures: number[]) => number} compare
 * @returns {Compared | undefined} none where no round could be compared
 */
export function compared(rounds, compare) {
  const values = rounds.map((figures) => compare(...figures)).filter((value) => !Number.isNaN(value));
  if (values.length === 0) return undefined;
  const beyond = values.filter((value) => value === Infinity).length;
  return { median: median(values), least: Math.min(...values), greatest: Math.max(...values), beyond, rounds: values.length };
}

/** Ours to the peer's, which cannot be told where that is nothing. */
export const ratio = (ours, peer) => (peer === 0 ? NaN : ours / peer);

/**
 * What we add above the floor to what the peer adds above it. Where the peer adds nothing, whatever we add is too much; where neither
 * does, there is nothing to compare.
 */
export function excess(ours, peer, floor) {
  if (peer > floor) return (ours - floor) / (peer - floor);
  return ours > floor ? Infinity : NaN;
}

/**
 * Whether a target is reached.
 * @param {{ least?: number, most?: number }} target of a comparison
 * @param {Compared} found
 * @returns {"reached" | "MISSED" | "MISSED, within the spread"}
 */
export function verdict({ least = -Infinity, most = Infinity }, found) {
  if (found.median >= least && found.median <= most) return "reached";
  return found.greatest >= least && found.least <= most ? "MISSED, within the spread" : "MISSED";
}

// What is made of the figures of a row's rounds. Pure functions.

/** The value below which that share of the values lies, between two of them where it falls there. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const above = Math.ceil(place);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

/** The middle one. */
export const median = (values) => quantile(values, 0.5);

/**
 * A comparison round by round, so that what disturbed the machine in one round disturbs both sides of it.
 * @param {number[][]} rounds the figures of each round, in the order of `compare`'s parameters
 * @param {(...figures: number[]) => number} compare
 * @returns {{ median: number, least: number, greatest: number } | undefined} none where no round could be compared
 */
export function compared(rounds, compare) {
  const values = rounds.map((figures) => compare(...figures)).filter(Number.isFinite);
  if (values.length === 0) return undefined;
  return { median: median(values), least: Math.min(...values), greatest: Math.max(...values) };
}

/** Ours to the peer's. */
export const ratio = (ours, peer) => ours / peer;

/** What we add above the floor to what the peer adds above it. */
export const excess = (ours, peer, floor) => (peer > floor ? (ours - floor) / (peer - floor) : NaN);

/**
 * Whether a target is reached.
 * @param {{ least?: number, most?: number }} target of a comparison
 * @param {{ median: number, least: number, greatest: number }} found
 * @returns {"reached" | "MISSED" | "MISSED, within the spread"}
 */
export function verdict({ least = -Infinity, most = Infinity }, found) {
  if (found.median >= least && found.median <= most) return "reached";
  return found.greatest >= least && found.least <= most ? "MISSED, within the spread" : "MISSED";
}

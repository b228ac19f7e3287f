// Sums the turns of a row up. Pure functions.
import { compared, excess, median, ratio, verdict } from "./statistics.mjs";

const SIDES = ["ours", "peer", "floor"];
const BUSY = 0.9; // a server that is busy for this share of the time limits the row

/**
 * @typedef {object} Summary of a figure
 * @property {number} [ours] the median of the rounds, as are `peer` and `floor`
 * @property {import("./statistics.mjs").Compared} [ratio] ours to the peer's
 * @property {import("./statistics.mjs").Compared} [above] our cost above the floor to the peer's, if the target is
 *   about it
 * @property {string} [verdict] whether the target is reached
 * @property {boolean} serverLimits whether both clients wait for the server
 * @property {boolean} floorMisses whether the floor itself misses the target, so that no client can reach it by doing less
 */

/**
 * @param {{ title: string, figures: object[] }} row of rows.mjs
 * @param {Record<string, Record<string, number>>[]} turns one for each round: by party, by figure
 * @returns {{ title: string, figures: (object & Summary)[] }}
 */
export function summary({ title, figures }, turns) {
  return { title, figures: figures.map((figure) => ({ ...figure, ...ofFigure(figure, turns) })) };
}

function ofFigure({ name, target, aboveFloor }, turns) {
  const rounds = turns.map((turn) => SIDES.map((side) => turn[side]?.[name]));
  const medians = SIDES.map((side, index) => {
    const values = rounds.map((round) => round[index]).filter((value) => value !== undefined);
    return [side, values.length > 0 ? median(values) : undefined];
  });
  const found = { ratio: compared(rounds, ratio), above: aboveFloor && compared(rounds, excess) };
  const judged = aboveFloor ? found.above : found.ratio;
  const busy = name !== "cpu" && Math.min(...SIDES.slice(0, 2).map((side) => median(turns.map((turn) => turn[side]?.serverBusy ?? 0)))) >= BUSY;
  const reached = target && (judged ? verdict(target, judged) : "cannot be computed");
  const ofFloor = target && !aboveFloor ? compared(rounds, (_, peer, floor) => floor / peer) : undefined;
  const floorMisses = ofFloor !== undefined && verdict(target, ofFloor) !== "reached";
  return { ...Object.fromEntries(medians), ...found, verdict: reached, serverLimits: busy, floorMisses };
}

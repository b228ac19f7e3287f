// The table of a run, in Markdown. Pure functions.
import { compared, excess, median, ratio, verdict } from "./statistics.mjs";

const HEAD = ["row", "figure", "socketio-wasm", "socket.io-client", "floor", "ratio", "spread", "target", ""];

/** A number with three digits that count. */
export function short(value) {
  if (value === undefined || !Number.isFinite(value)) return "";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}

/**
 * What a figure of a row came to.
 * @param {object} figure of rows.mjs
 * @param {Record<string, number>[]} rounds by party
 */
export function summary(figure, rounds) {
  const of = (party) => rounds.map((round) => round[party]).filter((value) => value !== undefined);
  const medians = Object.fromEntries(["ours", "peer", "floor"].map((party) => [party, of(party).length > 0 ? median(of(party)) : undefined]));
  const sides = rounds.map(({ ours, peer, floor }) => [ours, peer, floor]);
  const found = compared(sides, figure.aboveFloor ? excess : ratio);
  return { ...medians, found, verdict: figure.target && found ? verdict(figure.target, found) : "" };
}

function targetText({ target, aboveFloor }) {
  if (!target) return "";
  const above = aboveFloor ? " above the floor" : "";
  return (target.least === undefined ? `≤ ${target.most}` : `≥ ${target.least}`) + above;
}

/** The cells of a row's lines, one line for each figure. */
export function lines({ title, figures }, results) {
  return figures.map((figure) => {
    const { ours, peer, floor, found, verdict } = summary(figure, results[figure.name]);
    const numbers = [ours, peer, floor, found?.median].map(short);
    const spread = found ? `${short(found.least)} to ${short(found.greatest)}` : "";
    return [title, `${figure.name} (${figure.unit})`, ...numbers, spread, targetText(figure), verdict];
  });
}

/** Lines of cells as a table in Markdown. */
export function markdown(cells, head = HEAD) {
  return [head, head.map(() => "---"), ...cells].map((line) => `| ${line.join(" | ")} |`).join("\n");
}

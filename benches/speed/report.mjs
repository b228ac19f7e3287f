// Writes a run as Markdown tables. Pure functions.

const table = (head, lines) => [head, head.map(() => "---"), ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");

/** Formats a number with three significant digits. */
export function short(value) {
  if (value === undefined || Number.isNaN(value)) return "";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}

const spread = (found) => (found ? `${short(found.median)} (${short(found.least)} to ${short(found.greatest)})` : "");

const limit = ({ least, most }) => (least === undefined ? `≤ ${most}` : `≥ ${least}`);

function reasons({ serverLimits, floorMisses }) {
  return [...(serverLimits ? ["the server's CPU is the limit"] : []), ...(floorMisses ? ["so does the floor"] : [])];
}

/** Number of rounds in which the peer added nothing to the floor, and we did. */
const beyond = ({ above }) => (above?.beyond > 0 ? [`in ${above.beyond} of ${above.rounds} rounds only we add anything`] : []);

/** Returns the cells of a figure of a row. */
function line(title, figure) {
  const { name, unit, ours, peer, floor, ratio, above, target, verdict } = figure;
  const reached = [verdict ?? "", ...(verdict?.startsWith("MISSED") ? reasons(figure) : []), ...beyond(figure)].join("; ");
  return [title, `${name}, ${unit}`, short(ours), short(peer), short(floor), spread(ratio), spread(above), target ? limit(target) : "", reached];
}

/**
 * @param {object} run
 * @param {Record<string, string>} run.about the machine, the versions, the date, the command
 * @param {object[]} run.rows of summary.mjs, each with `hottest` of profile.mjs if it was profiled
 * @param {object[]} [run.sizes] of scripts/sizes.mjs
 * @param {{ decoder: number, floor: number }} [run.python] nanoseconds
 */
export function report({ about, rows, sizes = [], python }) {
  const parts = [Object.entries(about).map(([name, value]) => `- ${name}: ${value}`).join("\n")];
  const head = ["row", "figure", "socketio-wasm", "socket.io-client", "floor", "ratio (spread)", "above the floor (spread)", "target", "reached?"];
  parts.push(table(head, rows.flatMap(({ title, figures }) => figures.map((figure) => line(title, figure)))));
  const explained = rows.filter(({ hottest }) => hottest);
  if (explained.length > 0) {
    const shares = ({ hottest }) => hottest.map(({ name, share }) => `${name} ${Math.round(share * 100)} %`).join(", ");
    parts.push("This client's time in the rows that miss, by functions, without their callees:");
    parts.push(explained.map((row) => `- ${row.title}: ${shares(row)}`).join("\n"));
  }
  if (python) {
    const own = short(python.decoder - python.floor);
    parts.push(`python-socketio's decoder takes ${short(python.decoder)} ns for the event of 60 B, ${own} ns of it beyond \`json.loads\`.`);
  }
  if (sizes.length > 0) {
    const reached = ({ limit, gzip }) => (limit === undefined ? "" : gzip <= limit ? "reached" : "MISSED");
    const bytes = (number) => number?.toLocaleString("en") ?? "";
    const lines = sizes.map((size) => [size.title, bytes(size.raw), bytes(size.gzip), bytes(size.brotli), size.limit ? `≤ ${bytes(size.limit)}` : "", reached(size)]);
    parts.push(table(["bytes to download", "minified", "gzip -9", "brotli 11", "target of gzip", "reached?"], lines));
  }
  return parts.join("\n\n") + "\n";
}

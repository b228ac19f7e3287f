// Draws a run: how many times as good as socket.io-client each figure is, on a logarithmic scale, by the ratio of its target. A cross
// marks a missed target. A pure function.

const LABELS = 360; // px, left of the scale
const SCALE = 520;
const VALUES = 180; // right of it
const WIDTH = LABELS + SCALE + VALUES;
const LINE = 22;
const HEAD = 88;
const ENDS = [1 / 8, 8]; // ends of the scale; values beyond are drawn at the end
const GRID = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8];

const STYLE = `
  svg { --ink: #1f2328; --faint: #d8dee4; --band: #f6f8fa; --better: #0969da; --worse: #bc4c00; background: #ffffff; font: 13px system-ui, sans-serif; }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #e6edf3; --faint: #30363d; --band: #161b22; --better: #58a6ff; --worse: #f0883e; background: #0d1117; }
  }
  text { fill: var(--ink); } .small { font-size: 11px; } .title { font-size: 15px; font-weight: 600; }
  .grid { stroke: var(--faint); } .one { stroke: var(--ink); } .band { fill: var(--band); }
  .better { --mark: var(--better); } .worse, .missed { --mark: var(--worse); }
  .mark { fill: var(--mark); stroke: var(--mark); } .cpu { fill: none; stroke-width: 2; } .cross { fill: none; stroke: var(--mark); stroke-width: 2.5; } .spread { stroke: var(--mark); stroke-width: 2; opacity: 0.5; }`;

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const place = (value) => LABELS + (SCALE * Math.log(Math.min(Math.max(value, ENDS[0]), ENDS[1]) / ENDS[0])) / Math.log(ENDS[1] / ENDS[0]);
const fixed = (number) => number.toFixed(1);

/** Returns the ratio that decides a figure: the one above the floor if the target is about it, or else the plain ratio. */
const judged = ({ aboveFloor, above, ratio }) => (aboveFloor ? above : ratio);

const missed = ({ verdict }) => verdict?.startsWith("MISSED") === true;

/** Returns how many times as good as the peer a figure is: the deciding ratio, inverted if less is better. Infinite if nothing is added. */
function goodness(figure) {
  const { median, least, greatest } = judged(figure);
  const of = (value) => (figure.better === "higher" ? value : value > 0 ? 1 / value : Infinity);
  const ends = [of(least), of(greatest)];
  return { median: of(median), least: Math.min(...ends), greatest: Math.max(...ends) };
}

const times = (value) => (value === Infinity ? "∞" : value.toFixed(2));

function mark(figure, y) {
  const { median, least, greatest } = goodness(figure);
  const x = place(median);
  const circle = `class="${figure.name === "cpu" ? "mark cpu" : "mark"}" cx="${fixed(x)}" cy="${y}" r="5"`;
  const cross = `class="cross" d="M${fixed(x - 5)} ${y - 5}l10 10m0 -10l-10 10"`;
  const line = `<line class="spread" x1="${fixed(place(least))}" x2="${fixed(place(greatest))}" y1="${y}" y2="${y}"/>`;
  const of = figure.aboveFloor ? ", of what is added above the floor" : "";
  const said = `<title>${escaped(`${figure.name}: ${times(median)} times (${times(least)} to ${times(greatest)})${of}`)}</title>`;
  if (missed(figure)) return `<g class="missed">${said}${line}<path ${cross}/></g>`;
  return `<g class="${median >= 1 ? "better" : "worse"}">${said}${line}<circle ${circle}/></g>`;
}

function line({ title, figures }, index) {
  const top = HEAD + index * LINE;
  const middle = top + LINE / 2;
  const shown = figures.filter(judged);
  const band = index % 2 === 0 ? `<rect class="band" x="0" y="${top}" width="${WIDTH}" height="${LINE}"/>` : "";
  const values = shown.map((figure) => times(goodness(figure).median) + (missed(figure) ? " ✗" : "")).join(", ");
  return [
    band,
    ...GRID.map((value) => `<line class="${value === 1 ? "one" : "grid"}" x1="${fixed(place(value))}" x2="${fixed(place(value))}" y1="${top}" y2="${top + LINE}"/>`),
    `<text x="${LABELS - 12}" y="${middle + 4}" text-anchor="end">${escaped(title)}</text>`,
    ...shown.map((figure) => mark(figure, middle)),
    `<text class="small" x="${LABELS + SCALE + 12}" y="${middle + 4}">${values}</text>`,
  ].join("\n");
}

/**
 * @param {string} title
 * @param {{ rows: object[] }} run as report.mjs takes it
 * @returns {string} an SVG that follows the reader's choice of light or dark
 */
export function chart(title, { rows }) {
  const shown = rows.filter(({ figures }) => figures.some(judged));
  const height = HEAD + shown.length * LINE + 12;
  const scale = GRID.map((value) => `<text class="small" x="${fixed(place(value))}" y="${HEAD - 8}" text-anchor="middle">${value < 1 ? `1/${1 / value}` : value}</text>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<text class="title" x="12" y="24">${escaped(title)}</text>`,
    `<text class="small" x="12" y="44">Times as good as socket.io-client, in the same run: right of 1 is better; of what each adds above the floor, where the target is about that.</text>`,
    `<text class="small" x="12" y="60">Hollow: CPU; filled: speed, time or memory; a cross: the target is missed; bars: all rounds.</text>`,
    ...scale,
    ...shown.map(line),
    "</svg>\n",
  ].join("\n");
}

// The benchmark's evaluation of its figures: statistics, verdicts, report and chart. Nothing is measured here.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { chart } from "../../../benches/speed/chart.mjs";
import { PAYLOADS } from "../../../benches/speed/payloads.mjs";
import { hottest } from "../../../benches/speed/profile.mjs";
import { report } from "../../../benches/speed/report.mjs";
import { compared, excess, median, quantile, ratio, verdict } from "../../../benches/speed/statistics.mjs";
import { summary } from "../../../benches/speed/summary.mjs";

test("a quantile is interpolated between two values", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(quantile([10, 0], 0.25), 2.5);
  assert.equal(quantile([5], 0.99), 5);
  const values = [2, 1];
  quantile(values, 0.5);
  assert.deepEqual(values, [2, 1], "the input was changed");
});

test("rounds are compared one by one, and incomparable ones are left out", () => {
  assert.deepEqual(compared([[2, 1], [9, 3], [4, 1], [4, 0]], ratio), { median: 3, least: 2, greatest: 4, beyond: 0, rounds: 3 });
  assert.equal(compared([[1, undefined]], ratio), undefined);
  assert.equal(excess(3, 5, 1), 0.5);
  assert.equal(compared([[1, 1, 1]], excess), undefined, "nobody adds anything to the floor, so there is nothing to compare");
});

test("a round in which this client adds to the floor and the peer does not counts as missed", () => {
  const found = compared([[3, 1, 1], [2, 5, 1], [2, 0, 1]], excess);
  assert.deepEqual(found, { median: Infinity, least: 0.25, greatest: Infinity, beyond: 2, rounds: 3 });
  assert.equal(verdict({ most: 0.5 }, found), "MISSED, within the spread");
  assert.equal(median([1, 2, Infinity, Infinity]), Infinity);
});

test("the median decides if a target is reached; a miss within the spread is marked", () => {
  const found = { median: 2, least: 1, greatest: 3 };
  assert.equal(verdict({ least: 2 }, found), "reached");
  assert.equal(verdict({ most: 2 }, found), "reached");
  assert.equal(verdict({ least: 2.5 }, found), "MISSED, within the spread");
  assert.equal(verdict({ least: 3.5 }, found), "MISSED");
  assert.equal(verdict({ most: 0.5 }, found), "MISSED");
});

const ROW = {
  title: "emit, <fast>",
  figures: [
    { name: "rate", unit: "/s", better: "higher", target: { least: 3 } },
    { name: "cpu", unit: "µs", better: "lower", target: { most: 0.5 }, aboveFloor: true },
  ],
};
const turn = (ours, peer) => ({ ours, peer, floor: { rate: 500, cpu: 1 } });
const TURNS = [turn({ rate: 400, cpu: 2, serverBusy: 1 }, { rate: 200, cpu: 5, serverBusy: 0.95 }), turn({ rate: 200, cpu: 3, serverBusy: 1 }, { rate: 100, cpu: 5, serverBusy: 1 })];

test("the figures of a row have the medians of all parties, and a verdict on the target", () => {
  const [rate, cpu] = summary(ROW, TURNS).figures;
  assert.deepEqual([rate.ours, rate.peer, rate.floor], [300, 150, 500]);
  assert.deepEqual(rate.ratio, { median: 2, least: 2, greatest: 2, beyond: 0, rounds: 2 });
  assert.equal(rate.verdict, "MISSED");
  assert.equal(rate.serverLimits, true);
  assert.deepEqual(cpu.above, { median: 0.375, least: 0.25, greatest: 0.5, beyond: 0, rounds: 2 });
  assert.equal(cpu.verdict, "reached");
  assert.equal(cpu.serverLimits, false);
  assert.equal(cpu.floorMisses, false, "the target is relative to the floor");
  assert.equal(rate.floorMisses, false, "its 500 are more than 3 times the peer's 150");
  const slow = TURNS.map((turn) => ({ ...turn, floor: { rate: 250, cpu: 1 } }));
  assert.equal(summary(ROW, slow).figures[0].floorMisses, true);
});

test("the report has a line for each figure, and the sizes with their limit", () => {
  const sizes = [
    { title: "small", raw: 30_000, gzip: 10_000, brotli: 9_000, limit: 20_000 },
    { title: "large", raw: 90_000, gzip: 30_000, brotli: 29_000, limit: 20_000 },
  ];
  const text = report({ about: { node: "v20" }, rows: [summary(ROW, TURNS)], sizes, python: { decoder: 3000, floor: 1000 } });
  assert.match(text, /^- node: v20\n/);
  assert.match(text, /\| emit, <fast> \| rate, \/s \| 300 \| 150 \| 500 \| 2 \(2 to 2\) \|  \| ≥ 3 \| MISSED; the server's CPU is the limit \|/);
  assert.match(text, /\| cpu, µs \| 2.5 \| 5 \| 1 \| 0.5 \(0.4 to 0.6\) \| 0.375 \(0.25 to 0.5\) \| ≤ 0.5 \| reached \|/);
  assert.match(text, /\| small \| 30,000 \| 10,000 \| 9,000 \| ≤ 20,000 \| reached \|/);
  assert.match(text, /\| large .* MISSED \|/);
  assert.match(text, /3,000 ns for the event of 60 B, 2,000 ns of it beyond/);
});

test("the report says in how many rounds only this client adds anything", () => {
  const atFloor = [...TURNS, turn({ rate: 1, cpu: 2 }, { rate: 1, cpu: 1 })];
  assert.match(report({ about: {}, rows: [summary(ROW, atFloor)] }), /0.5 \(0.25 to ∞\) \| ≤ 0.5 \| reached; in 1 of 3 rounds only we add anything \|/);
});

test("in the chart, longer is better, and a miss has a cross", () => {
  const svg = chart("Title", { rows: [summary(ROW, TURNS)] });
  assert.match(svg, /emit, &lt;fast>/);
  assert.match(svg, /class="missed".*rate: 2.00 times.*class="cross"/);
  assert.match(svg, /class="better".*cpu: 2.67 times \(2.00 to 4.00\), of what is added above the floor/);
  assert.match(svg, />2.00 ✗, 2.67</);
  assert.match(svg, /prefers-color-scheme: dark/);
  const nothing = chart("Title", { rows: [summary(ROW, [turn({ rate: 400, cpu: 0.5 }, { rate: 200, cpu: 5 })])] });
  assert.match(nothing, /cpu: ∞ times/, "a client below the floor adds nothing");
  for (const drawn of [svg, nothing]) assert.doesNotMatch(drawn, /NaN|undefined|Infinity/);
});

test("all parties and the server are locked to one version of ws", async () => {
  const versions = ["../../package-lock.json", "../../../pkg/package-lock.json"].map(async (path) => {
    const { packages } = JSON.parse(await readFile(new URL(path, import.meta.url), "utf8"));
    return packages["node_modules/ws"].version;
  });
  const [peer, ours] = await Promise.all(versions);
  assert.equal(peer, ours);
});

test("a profile has the functions with the most time of their own, without idle time", () => {
  const node = (id, functionName, url = "", lineNumber = -1) => ({ id, callFrame: { functionName, url, lineNumber } });
  const nodes = [node(1, "(idle)"), node(2, "send", "file:///a/b.js", 4), node(3, "(garbage collector)"), node(4, "send", "file:///a/b.js", 4), node(5, "wasm-function[7]", "wasm://1")];
  const profile = { nodes, samples: [1, 2, 3, 4, 5], timeDeltas: [900, 30, 20, 40, 10] };
  assert.deepEqual(hottest(profile, 2), [{ name: "send (b.js:5)", share: 0.7 }, { name: "(garbage collector)", share: 0.2 }]);
  const row = { ...summary(ROW, TURNS), hottest: hottest(profile) };
  assert.match(report({ about: {}, rows: [row] }), /- emit, <fast>: send \(b.js:5\) 70 %, \(garbage collector\) 20 %, wasm 10 %/);
});

test("payloads have the size in their names", () => {
  assert.equal(JSON.stringify(PAYLOADS["60 B"]).length, 60);
  assert.ok(Math.abs(JSON.stringify(PAYLOADS["4 KB"]).length - 4096) < 64);
  assert.equal(PAYLOADS["1 KiB binary"].length, 1024);
  assert.equal(PAYLOADS["10 attachments"].list.length, 10);
});

// The command line of socketio-wasm: connects its parts.
import { readFileSync } from "node:fs";
import { SocketIOError } from "socketio-wasm";
import { requestOf } from "./arguments.mjs";
import { EXIT, Interruption, UsageError } from "./exit.mjs";
import { helpText } from "./help.mjs";
import { Conversation } from "./interactive.mjs";
import { jsonReport } from "./report-json.mjs";
import { wordsReport } from "./report-words.mjs";
import { saverIn } from "./saving.mjs";
import { doLines, doSteps, stay } from "./scripted.mjs";
import { Session } from "./session.mjs";
import { clean, painter, serverShown } from "./text.mjs";
import { decoderOf, Trace } from "./trace.mjs";
import { wordsOf } from "./wording.mjs";

/**
 * Runs the command. Resolves to its exit code when all output is written.
 * @param {string[]} words the arguments after those of node and the script
 */
export async function main(words) {
  const ending = interruptions();
  const exit = await done(words, ending);
  const written = (stream) => new Promise((resolve) => stream.write("", resolve));
  await Promise.all([written(process.stdout), written(process.stderr)]);
  // A failure to write is known only now.
  return exit || (ending.signal.reason?.exit ?? EXIT.DONE);
}

async function done(words, ending) {
  try {
    const request = requestOf(words);
    if (request.help) return print(helpText());
    if (request.version) return print(`${JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version}\n`);
    return await run(request, ending);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof SocketIOError)) throw error;
    process.stderr.write(`socketio-wasm: ${clean(wordsOf(error))}\n`);
    return EXIT.MISUSE;
  }
}

function print(text) {
  process.stdout.write(text);
  return EXIT.DONE;
}

async function run(request, ending) {
  const { stdin, stdout, stderr } = process;
  const { steps, count, wait, json, save, trace: traced, retry } = request;
  const asked = steps.length > 0 || count !== undefined || wait !== undefined;
  const interactive = !asked && !json && stdin.isTTY && stdout.isTTY;
  const inJson = json || (!asked && !interactive);

  const lines = { out: (text) => stdout.write(`${text}\n`), note: (text) => stderr.write(`${text}\n`) };
  const paint = { out: painter(stdout), note: painter(interactive ? stdout : stderr) };
  const trace = new Trace((text) => lines.note(paint.note("dim", text)), await decoderOf(request.serializer));
  trace.on = traced;
  const saver = save === undefined ? undefined : saverIn(save);
  const out = (text) => lines.out(text);
  const note = (text) => lines.note(text);
  const report = inJson ? jsonReport(out, saver) : wordsReport({ out, note, paint, all: interactive }, saver);
  const session = new Session(request, report, {
    reconnection: interactive || retry,
    frames: traced || interactive ? trace.frames : undefined,
  });

  // The package reports errors here that no caller waits for. Without this function, they would end the process.
  globalThis.reportError = (error) => session.failed(error);

  if (interactive) lines.note(paint.note("dim", `connecting to ${clean(serverShown(request.url))} (Ctrl-C gives up)`));
  try {
    if (!(await session.connect(ending.signal))) return session.exit;
    if (interactive) return await converse();
    if (asked) await doSteps(session, steps, ending.signal);
    else await doLines(session, { input: stdin, output: stdout }, request, ending.signal);
    await stay(session, request, ending.signal);
  } catch (error) {
    session.failed(error);
  } finally {
    ending.over();
    await session.disconnect();
  }
  return session.exit;

  async function converse() {
    const conversation = new Conversation(session, request, trace, { input: stdin, output: stdout, paint: paint.out });
    lines.out = lines.note = conversation.print;
    ending.signal.addEventListener("abort", () => conversation.leave(ending.signal.reason.exit));
    return await conversation.left; // nothing is printed after it
  }
}

// Signals end the command, and so does a closed output. A second signal ends it without waiting.
function interruptions() {
  const ending = new AbortController();
  let over = false;
  const end = (exit) => {
    if (over || ending.signal.aborted) process.exit(exit);
    ending.abort(new Interruption(exit));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => end(EXIT[signal]));
  process.stdout.once("error", ({ code, message }) => {
    // A reader that has read enough, such as `head`, is no failure.
    if (code !== "EPIPE") process.stderr.write(`socketio-wasm: standard output: ${message}\n`);
    ending.abort(new Interruption(code === "EPIPE" ? EXIT.DONE : EXIT.MISUSE));
  });
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {}); // each write fails again
  return { signal: ending.signal, over: () => (over = true) };
}

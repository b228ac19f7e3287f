// The command without a prompt: carries out options, or lines of JSON from standard input.
import { once } from "node:events";
import { createInterface } from "node:readline";
import { TooFewError, UsageError } from "./exit.mjs";
import { counted } from "./text.mjs";
import { placeIn, revived } from "./values.mjs";

/** Carries out the --emit and --call steps of a request, in order, up to the first that fails. */
export async function doSteps(session, steps, signal) {
  for (const { kind, namespace, event, args } of steps) {
    if (kind === "emit") session.emit(namespace, event, args);
    else await session.call(namespace, event, args, { signal });
  }
}

/**
 * Carries out lines of JSON until there are no more. Each starts after the one before has started. A wrong line is reported. Reading
 * pauses while the server or the reader of the output is slower.
 */
export async function doLines(session, { input, output }, { namespaces: [usual] }, signal) {
  const lines = createInterface({ input, crlfDelay: Infinity, signal });
  session.until(() => session.ended).then(() => lines.close());
  const calls = new Map(); // calls without an answer yet, each with its namespace
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === "" || session.ended) continue;
    const about = { line: number };
    try {
      if (output.writableNeedDrain) await once(output, "drain", { signal });
      const command = commandOf(line);
      about.id = command.id;
      await begin({ namespace: usual, ...command }, about);
      await session.hasRoom(signal);
    } catch (error) {
      session.failed(signal.aborted ? signal.reason : error, about);
    }
  }
  await Promise.all(calls.keys());
  signal.throwIfAborted();

  async function begin({ kind, namespace, id, timeout, auth, ...command }, about) {
    if (kind === "connect") return session.connectNamespace(command.connect, { auth, signal });
    if (kind === "disconnect") {
      await Promise.all([...calls].filter(([, of]) => of === command.disconnect).map(([call]) => call));
      return session.disconnectNamespace(command.disconnect);
    }
    const [event, ...args] = revived(command[kind]);
    if (kind === "emit") return session.emit(namespace, event, args);
    // Not awaited: later lines may have calls of their own.
    const call = session.call(namespace, event, args, { signal, timeout, id }).catch((error) => session.failed(error, about));
    calls.set(call, namespace);
    return void call.then(() => calls.delete(call));
  }
}

// The further fields of each kind of line, and their types.
const isText = (value) => typeof value === "string";
const isEvent = (value) => Array.isArray(value) && ["string", "number"].includes(typeof value[0]);
const isTime = (value) => Number.isFinite(value) && value >= 0;
const EVENT = [isEvent, 'an array of the event\'s name and its values, such as ["say","hello"]'];
const NAMESPACE = [isText, 'a string such as "/chat"'];
const KINDS = {
  emit: { emit: EVENT, namespace: NAMESPACE },
  call: { call: EVENT, namespace: NAMESPACE, id: [() => true], timeout: [isTime, "a number of milliseconds"] },
  connect: { connect: NAMESPACE, auth: [() => true] },
  disconnect: { disconnect: NAMESPACE },
};

/** Returns the checked command of a line; `kind` names it. */
function commandOf(line) {
  let command;
  try {
    command = JSON.parse(line);
  } catch (error) {
    throw new UsageError(`no JSON${placeIn(error)}`);
  }
  const kind = Object.keys(KINDS).find((name) => Object.hasOwn(Object(command), name));
  if (!kind) throw new UsageError(`no command: a line is an object with one of ${Object.keys(KINDS).join(", ")}`);
  for (const [name, value] of Object.entries(command)) {
    const [valid, expected] = KINDS[kind][name] ?? [];
    if (!valid) throw new UsageError(`"${name}" has no meaning beside "${kind}"`);
    if (!valid(value)) throw new UsageError(`"${name}" is not ${expected}`);
  }
  return { ...command, kind };
}

/** Waits for events as a request asks: --listen, --count, --wait. */
export async function stay(session, { listen, count, wait }, signal) {
  if (listen.length === 0 && count === undefined && wait === undefined) return;
  let over = false;
  const enough = () => over || signal.aborted || session.ended || session.shown >= (count ?? Infinity);
  const stop = () => {
    over = true;
    session.wake();
  };
  signal.addEventListener("abort", stop, { once: true });
  const timer = wait === undefined ? undefined : setTimeout(stop, wait);
  await session.until(enough);
  clearTimeout(timer);
  signal.throwIfAborted();
  if (count > session.shown && !session.ended) throw new TooFewError(`${counted(session.shown, "event")} of ${count} within ${wait} ms`);
}

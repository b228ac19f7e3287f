// The commands of the prompt.
import { UsageError } from "./exit.mjs";
import { clean, counted, quoted, serverShown } from "./text.mjs";
import { jsonOf, valueOf, wordsIn } from "./values.mjs";

/**
 * One row for each command.
 * @typedef {object} Command
 * @property {string} usage its arguments
 * @property {string} words
 * @property {"event" | "events" | "namespace" | string[]} [completes] completions of its arguments
 * @property {(at: object, ...words: string[]) => unknown} run `at` is the Conversation, see interactive.mjs
 */
export const COMMANDS = {
  emit: {
    usage: "EVENT [JSON...]",
    words: 'send an event: emit say "hello" {"to": "all"} @photo.png',
    completes: "event",
    run: ({ session, namespace }, event, ...texts) => session.emit(namespace, eventOf(event), texts.map(valueOf)),
  },
  call: {
    usage: "EVENT [JSON...]",
    words: "the same, and print the server's answer; Ctrl-C stops waiting",
    completes: "event",
    run: ({ session, namespace, signal }, event, ...texts) => session.call(namespace, eventOf(event), texts.map(valueOf), { signal }),
  },
  listen: {
    usage: "[EVENT...|*|off]",
    words: "print these events alone, all, or none",
    completes: "events",
    run: listen,
  },
  namespace: {
    usage: "/NAME [AUTH]",
    words: "talk on this namespace, connecting it; /NAME alone does the same",
    completes: "namespace",
    run: (at, name, auth) => at.choose(name, auth === undefined ? undefined : jsonOf(auth)),
  },
  connect: {
    usage: "",
    words: "connect again, after a disconnection",
    run: (at) => at.connect(),
  },
  disconnect: {
    usage: "[/NAME]",
    words: "disconnect a namespace, or all of them",
    completes: "namespace",
    run: ({ session }, name) => (name === undefined ? session.disconnect() : session.disconnectNamespace(name)),
  },
  status: { usage: "", words: "the connection and its namespaces", run: status },
  trace: {
    usage: "on|off",
    words: "print every packet, with its time and its meaning",
    completes: ["on", "off"],
    run: ({ trace }, word) => {
      if (word !== "on" && word !== "off") throw new UsageError("trace on, or trace off");
      trace.on = word === "on";
    },
  },
  help: { usage: "", words: "print this", run: ({ print }) => print(helpText()) },
  quit: { usage: "", words: "send what waits, disconnect and leave, as exit and Ctrl-D do", run: (at) => at.leave() },
};

/** Other names of commands, which no list shows. */
const OTHER_NAMES = { exit: "quit" };

/** Returns the command of a line, ready to run; undefined for an empty line. */
export function commandOf(line) {
  const [word, ...words] = wordsIn(line);
  if (word === undefined) return undefined;
  const name = Object.hasOwn(OTHER_NAMES, word) ? OTHER_NAMES[word] : word;
  if (name.startsWith("/")) return (at) => COMMANDS.namespace.run(at, name, ...words);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    throw new UsageError(`${quoted(name)} is no command: \`help\` lists them. To send an event of this name: emit ${quoted(name)}`);
  }
  if (!/^(?:\[|$)/.test(command.usage) && words.length === 0) throw new UsageError(`${name} ${command.usage}: ${command.words}`);
  return (at) => command.run(at, ...words);
}

/** Returns the name of an event as it was typed: in double quotes if it has spaces. */
function eventOf(word) {
  return word.startsWith('"') ? String(valueOf(word)) : word;
}

function listen({ session, print }, ...names) {
  if (names.length > 0) session.listen = names[0] === "off" ? [] : names.map(eventOf);
  print(`events that are shown: ${session.listen.includes("*") ? "all" : clean(session.listen.map(quoted).join(" ")) || "none"}`);
}

function status({ session, print }) {
  const { url, state, transport, engineSid, namespaces, bufferedAmount } = session.status;
  print(clean(`${state}: ${serverShown(url)}${transport ? ` over ${transport}` : ""}${engineSid ? `, engine sid ${engineSid}` : ""}`));
  for (const [name, sid] of namespaces) print(clean(`  ${name}  sid ${sid}`));
  if (bufferedAmount > 0) print(`  ${counted(bufferedAmount, "packet")} buffered`);
}

function helpText() {
  const rows = Object.entries(COMMANDS).map(([name, { usage, words }]) => `  ${`${name} ${usage}`.padEnd(28)} ${words}`);
  return [...rows, 'Values are JSON: a string has double quotes. A file\'s bytes are @path; within JSON {"$file":"path"}.'].join("\n");
}

// The options of the command: the value of each, its change of the request, and its line in --help.
import { UsageError } from "./exit.mjs";
import { jsonOf, valueOf } from "./values.mjs";

const SERIALIZERS = ["default", "msgpack", "cbor", "pickle"];
const TRANSPORTS = ["polling", "websocket"];

/** The request without any option. */
export const usual = () => ({
  url: undefined,
  namespaces: [],
  headers: {},
  tls: {},
  steps: [],
  listen: [],
  retry: false,
  json: false,
  trace: false,
});

/**
 * One row for each option, in the groups of --help.
 * @typedef {object} Option
 * @property {string} name its name after "--"
 * @property {string} [short] one letter after "-"
 * @property {string} [value] its value, in capitals; ends with "[JSON...]" if it takes all values up to the next option
 * @property {string} words
 * @property {(request: object, ...values: string[]) => void} take
 */
export const GROUPS = [
  {
    title: "Connection",
    options: [
      {
        name: "namespace",
        short: "n",
        value: "/NAME",
        words: "connect this namespace, in place of /; may be repeated. --emit and --call go to the last one before them",
        take: (request, name) => request.namespaces.push(namespace(name)),
      },
      {
        name: "auth",
        value: "JSON",
        words: "what the server's connect handler gets; @FILE: the JSON in a file",
        take: (request, text) => (request.auth = auth(text)),
      },
      {
        name: "header",
        short: "H",
        value: "NAME:VALUE",
        words: "send this header with every request and the websocket; may be repeated",
        take: (request, text) => Object.assign(request.headers, header(text)),
      },
      {
        name: "transport",
        value: "NAME",
        words: "use only polling, or websocket. Both in this order (the default): --transport polling,websocket",
        take: (request, names) => (request.transports = names.split(",").map((name) => oneOf("transport", name, TRANSPORTS))),
      },
      { name: "path", value: "PATH", words: "the server's path, by default /socket.io", take: (request, path) => (request.path = path) },
      {
        name: "protocol",
        value: "4|5",
        words: "speak this revision only: 5 to servers from Socket.IO 3 on, 4 to older ones. By default it is found out",
        take: (request, number) => (request.protocol = Number(oneOf("protocol", number, ["4", "5"]))),
      },
      {
        name: "serializer",
        value: "NAME",
        words: `how packets are written: ${SERIALIZERS.join(", ")}. The server must use the same`,
        take: (request, name) => (request.serializer = oneOf("serializer", name, SERIALIZERS)),
      },
      {
        name: "timeout",
        value: "MS",
        words: "how long connecting may take, and each --call. By default 10 s and 60 s; 0: without end",
        take: (request, text) => (request.timeout = count("timeout", text)),
      },
      {
        name: "retry",
        words: "go on trying if the first attempt fails, and connect again when the connection is lost",
        take: (request) => (request.retry = true),
      },
      {
        name: "ca",
        value: "FILE",
        words: "trust the authorities in this PEM file, for https://",
        take: (request, file) => (request.tls.ca = file),
      },
      {
        name: "insecure",
        short: "k",
        words: "take any certificate, so that anybody on the way can read and change all",
        take: (request) => (request.tls.rejectUnauthorized = false),
      },
    ],
  },
  {
    title: "Steps",
    options: [
      {
        name: "emit",
        value: "EVENT [JSON...]",
        words: "send an event, with all values up to the next option; may be repeated",
        take: (request, ...values) => request.steps.push(step("emit", request, values)),
      },
      {
        name: "call",
        value: "EVENT [JSON...]",
        words: "the same, wait for the server's answer, and print it. Emits and calls are done one after the other, as they stand",
        take: (request, ...values) => request.steps.push(step("call", request, values)),
      },
      {
        name: "listen",
        value: "EVENT",
        words:
          "print this event when it comes, and stay for it; * is any. May be repeated. Without it, those are printed that come while the " +
          "command stays for something else",
        take: (request, name) => request.listen.push(name),
      },
      {
        name: "count",
        value: "N",
        words: "leave after N events",
        take: (request, text) => (request.count = count("count", text)),
      },
      {
        name: "wait",
        value: "MS",
        words: "leave after this time; a --count that is not reached by then is exit code 3",
        take: (request, text) => (request.wait = count("wait", text)),
      },
    ],
  },
  {
    title: "Output",
    options: [
      {
        name: "json",
        words: "a line of JSON for whatever happens, on standard output",
        take: (request) => (request.json = true),
      },
      {
        name: "save",
        value: "DIR",
        words: "write received binary data into files of this folder, and print their names",
        take: (request, folder) => (request.save = folder),
      },
      {
        name: "trace",
        words: "print every packet, with its time and its meaning, on standard error",
        take: (request) => (request.trace = true),
      },
      { name: "history", value: "FILE", words: "keep what is typed there, in place of", take: (request, file) => (request.history = file) },
      { name: "no-history", words: "do not keep what is typed", take: (request) => (request.history = null) },
      { name: "help", short: "h", words: "print this", take: (request) => (request.help = true) },
      { name: "version", short: "v", words: "print the version", take: (request) => (request.version = true) },
    ],
  },
];

function namespace(name) {
  if (!name.startsWith("/")) throw new UsageError('--namespace: a namespace begins with "/", such as --namespace /chat');
  return name;
}

function auth(text) {
  try {
    return jsonOf(text);
  } catch (error) {
    throw new UsageError(`--auth: ${error.message}`);
  }
}

function header(text) {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(text) ?? [];
  if (!name) throw new UsageError('--header: its value is no header: it is written as --header "Name: value", in one line');
  return { [name]: value };
}

function oneOf(option, value, known) {
  if (!known.includes(value)) throw new UsageError(`--${option}: it must be one of ${known.join(", ")}`);
  return value;
}

function count(option, text) {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${option}: it must be a whole number, 0 or more`);
  return Number(text);
}

function step(kind, { namespaces }, [event, ...texts]) {
  const args = texts.map((text, at) => {
    try {
      return valueOf(text);
    } catch (error) {
      const late = /^\w+:\/\//.test(text) ? ". The URL of the server stands before the options" : "";
      throw new UsageError(`--${kind} ${event}, value ${at + 1}: ${error.message}${late}`);
    }
  });
  return { kind, namespace: namespaces.at(-1), event, args };
}

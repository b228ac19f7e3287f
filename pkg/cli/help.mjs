// The output of --help.
import { EXIT } from "./exit.mjs";
import { usualHistory } from "./history.mjs";
import { GROUPS } from "./options.mjs";

const EXAMPLES = `
  socketio-wasm localhost:3000                            type commands, see events come; help lists them
  socketio-wasm URL --call add 1 2                        prints 3
  socketio-wasm URL --emit say '"hello"' '{"to":"all"}'   strings have double quotes of their own: values are JSON
  socketio-wasm URL -n /chat --auth '{"token":"abc"}' --listen news --count 1
  socketio-wasm URL --call upload @photo.png              a file's bytes; within JSON {"$file":"photo.png"}, {"$base64":"AQID"}
  socketio-wasm URL --listen '*' --save downloads         binary data that comes, in files
  socketio-wasm URL --emit -- -odd 1                      behind -- nothing is an option: an event with the name -odd
  socketio-wasm URL --trace --wait 5000                   every packet of five seconds, in words
  echo '{"call":["add",1,2],"id":7}' | socketio-wasm URL  prints {"answer":3,"id":7,...}`;

const MODES = `
  Without --emit, --call, --count and --wait, commands are read from standard input: in a terminal with a prompt, else (or with
  --json) lines of JSON, and all that happens is printed as such:
    in   {"emit":["say","hello"]}  {"call":["add",1,2],"id":7,"timeout":500}  {"connect":"/chat","auth":{}}  {"disconnect":"/chat"}
         each with "namespace" if it is not the first one. A disconnection comes after the answers to the calls of its namespace
    out  {"connect":"/","sid":...}  {"event":"say","args":["hello"],"namespace":"/"}  {"answer":3,"id":7,...}
         {"connect_error":"/chat","error":{"code":...,"message":...}}  {"disconnect":"/","reason":...}  {"error":{...},"id":7}
  When all is done, and the input has ended, what was emitted is sent, and the command leaves; with --listen it stays.`;

const CODES = [
  [EXIT.DONE, "done, or nobody reads the output"],
  [EXIT.MISUSE, "wrong options or values, or something that the server cannot be sent"],
  [EXIT.REFUSED, "the server cannot be reached, or refuses"],
  [EXIT.TIMED_OUT, "a call was not answered in time, or --count was not reached within --wait"],
  [EXIT.LOST, "the connection was lost, or ended by the server, or events were not sent"],
  [EXIT.SIGINT, "interrupted (Ctrl-C); 129 and 143 by the signals HUP and TERM"],
];

const COLUMN = 26;
const WIDTH = 120;

function wrapped(head, words) {
  const lines = [];
  let line = "";
  for (const word of words.split(" ")) {
    if (line.length + word.length + COLUMN >= WIDTH) {
      lines.push(line);
      line = "";
    }
    line += line ? ` ${word}` : word;
  }
  const [first, ...rest] = [...lines, line];
  const begin = head.length < COLUMN - 1 ? `${head.padEnd(COLUMN)}${first}` : `${head}\n${" ".repeat(COLUMN)}${first}`;
  return [begin, ...rest.map((text) => " ".repeat(COLUMN) + text)].join("\n");
}

function row({ name, short, value, words }) {
  const head = `  ${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`;
  return wrapped(head, name === "history" ? `${words} ${usualHistory()}` : words);
}

/** Returns the output of --help. */
export function helpText() {
  const groups = GROUPS.map(({ title, options }) => `${title}:\n${options.map(row).join("\n")}`);
  const codes = CODES.map(([code, words]) => `  ${String(code).padEnd(4)} ${words}`);
  return `A Socket.IO client for terminals and scripts.

Usage: socketio-wasm URL [option...]

Examples:${EXAMPLES}

${groups.join("\n\n")}

Input and output:${MODES}

Exit codes:
${codes.join("\n")}
`;
}

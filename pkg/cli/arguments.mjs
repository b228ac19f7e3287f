// Turns the arguments of the command line into a request. No library reads them in this way: an event takes any number of
// values up to the next option, -1 is a value, and the order of the options counts.
import { UsageError } from "./exit.mjs";
import { GROUPS, usual } from "./options.mjs";
import { counted } from "./text.mjs";

const OPTIONS = GROUPS.flatMap(({ options }) => options);

const SCHEMES = ["http:", "https:", "ws:", "wss:"];

const isOption = (word) => /^-[^\d.]/.test(word);

/**
 * @param {string[]} words the arguments after those of node and the script
 * @returns {object} the request: `usual`, changed by the options
 * @throws {UsageError} for the first word that is wrong
 */
export function requestOf(words) {
  const request = usual();
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  const rest = words.map((text, at) => ({ text, isOption: at < end && isOption(text), at }));
  rest.splice(end, 1);
  while (rest.length > 0) {
    const { text: word, isOption, at } = rest.shift();
    if (isOption) takeOption(request, word, rest);
    else if (request.url === undefined) request.url = addressOf(word);
    // The message does not show the argument: it may be half of a header, or of an auth.
    else throw new UsageError(`Word ${at + 1} of the command stands behind no option. A server has one URL, which is given already. Put quotes round a value with spaces`);
  }
  return completed(request);
}

function takeOption(request, word, rest) {
  const [, dashes, name, inline] = /^(--?)([^=]*)(?:=(.*))?$/s.exec(word);
  const option = OPTIONS.find((option) => (dashes === "--" ? option.name : option.short) === name);
  // After one dash a value may follow without a space, so it is not shown.
  if (!option) throw new UsageError(`${dashes}${dashes === "--" ? name : `${name.slice(0, 1)}${name.length > 1 ? "…" : ""}`} is no option: --help lists them`);
  const given = inline === undefined ? [] : [inline];
  if (!option.value) {
    if (given.length > 0) throw new UsageError(`--${option.name} takes no value`);
    return option.take(request);
  }
  const take = () => rest.length > 0 && !rest[0].isOption && given.push(rest.shift().text);
  if (given.length === 0) take();
  // The name of an event may be empty.
  if (given.length === 0 || (given[0] === "" && !option.value.startsWith("EVENT"))) throw new UsageError(`--${option.name} takes a value: --${option.name} ${option.value}`);
  const takesMore = option.value.endsWith("...]");
  while (takesMore && take());
  return option.take(request, ...given);
}

/** A host alone means http, as with other tools. */
function addressOf(word) {
  const text = /^[a-z]+:\/\//i.test(word) ? word : `http://${word}`;
  let url;
  try {
    url = new URL(text);
  } catch {
    // Reported below.
  }
  if (!SCHEMES.includes(url?.protocol)) {
    throw new UsageError(`A string of ${counted(word.length, "character")} is no URL of a server, such as http://localhost:3000`);
  }
  if (url.pathname.length > 1) {
    const { pathname } = url;
    throw new UsageError(`The URL may have no path: ${pathname} is --namespace ${pathname}, or --path ${pathname}, whichever is meant`);
  }
  return text;
}

function completed(request) {
  if (request.help || request.version) return request;
  if (request.url === undefined) throw new UsageError("Which server? Its URL is missing: socketio-wasm http://localhost:3000");
  const namespaces = request.namespaces.length > 0 ? [...new Set(request.namespaces)] : ["/"];
  const steps = request.steps.map((step) => ({ ...step, namespace: step.namespace ?? namespaces[0] }));
  const { listen, count, wait, json } = request;
  // A request for answers alone prints answers alone.
  const answersAlone = steps.length > 0 && count === undefined && wait === undefined && !json;
  const shown = listen.length > 0 ? listen : answersAlone ? [] : ["*"];
  return { ...request, namespaces, steps, shown };
}

// Names of events and namespaces, and handlers: checked before they reach the core.
import { toError } from "./to-error.js";

/** Events that cannot be emitted: the protocol, or the servers' own API, reserves their names. */
export const UNEMITTABLE_EVENTS = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

/** The groups of listeners that concern no single event, by namespace. No namespace has such a name: it begins with `/`, or is `*`. */
export const GROUPS = { ANY: "(any)", OUTGOING: "(outgoing)", ENDED: "(ended)", CLASS: "(class)" };

/** Returns true if a string contains half of a surrogate pair: no encoding has it, and it would be sent as another character. */
const hasLoneSurrogate = (text) => (text.isWellFormed ? !text.isWellFormed() : /[\ud800-\udfff]/u.test(text));

/** Throws unless an event of this name may be emitted. */
export function checkEmittable(event) {
  const isWrong = typeof event === "string" ? UNEMITTABLE_EVENTS.includes(event) || hasLoneSurrogate(event) : !Number.isFinite(event);
  if (isWrong) throw toError("INVALID_EVENT", event);
}

/** Returns the name under which an event's handlers are registered: servers may use numbers, and python-socketio has a name of its own. */
export function eventName(event) {
  if (typeof event === "string" ? hasLoneSurrogate(event) : !Number.isFinite(event)) throw toError("INVALID_EVENT", event);
  return event === "__disconnect_final" ? "disconnectFinal" : String(event);
}

/** Returns the name of an event that may come from the server. An iterator of another one would wait for ever. */
export function receivedName(event) {
  const name = eventName(event);
  if (/^(connect(_error)?|disconnect(Final)?|\*)$/.test(name)) throw toError("INVALID_EVENT", event);
  return name;
}

/** Checks a namespace. It may not contain the end of a namespace on the wire (a comma), of a packet over polling (a control character) or of a path (?). */
export function namespaceName(namespace) {
  const isValid = typeof namespace === "string" && /^\/[^,?\p{Cc}]*$/u.test(namespace) && !hasLoneSurrogate(namespace);
  if (!isValid) throw toError("INVALID_NAMESPACE", namespace);
  return namespace;
}

/** Handlers may also be registered for any namespace. */
export const handledName = (namespace) => (namespace === "*" ? namespace : namespaceName(namespace));

export function checkHandler(handler) {
  if (typeof handler !== "function") throw toError("INVALID_HANDLER", handler);
}

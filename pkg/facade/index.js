// The exports of every entry beside its Client.
export { ClientNamespace } from "./client-namespace.js";
export * from "./errors.js";
export { reason } from "./reasons.js";
export { tuple } from "./tuple.js";

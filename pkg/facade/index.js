// What every entry exports besides its Client.
export * from "./errors.js";
export { reason } from "./reasons.js";
export { tuple } from "./tuple.js";

// The options that only Node's connections have; rows like those of facade/settings.js.
import { flag, flagOrObject } from "../../facade/option-table.js";

const anObject = (value) => typeof value === "object" && value !== null;

export const options = {
  tls: [anObject, "an object"],
  proxy: [(value) => value === false || typeof value === "string" || value instanceof URL, "a URL, or false"],
  agent: [(value) => typeof value?.addRequest === "function", "an Agent of node:http or node:https"],
  cookieJar: [
    (value) => typeof value?.getCookieString === "function" && typeof value.setCookie === "function",
    "an object with the methods getCookieString and setCookie",
  ],
  perMessageDeflate: [...flagOrObject, false],
  handleSigint: [...flag, false],
  unref: [...flag, false],
};

// Messages of errors for the command line: those of the package name its options and methods, which have other names here.

// The options of the command line, by the name of an option of the package.
const OPTIONS = {
  auth: "--auth",
  headers: "--header",
  namespaces: "--namespace",
  path: "--path",
  protocol: "--protocol",
  proxy: "HTTP_PROXY or HTTPS_PROXY",
  requestTimeout: "--timeout",
  "tls.ca": "--ca",
  waitTimeout: "--timeout",
};

// By code: messages that name methods. The prompt has commands instead, scripts have options and lines of JSON.
const ANYWHERE = {
  BUFFER_FULL: ({ limit }) => `Not connected, and ${limit} packets are already kept until it is`,
};
const AT_THE_PROMPT = {
  ...ANYWHERE,
  ALREADY_CONNECTED: () => "Already connected, or connecting: `disconnect` comes before another `connect`",
  NOT_CONNECTED: () => "Not connected: `connect` connects again",
  CONNECTION_ENDED: () => "Not connected: `connect` connects again",
  BAD_NAMESPACE: ({ namespace }) => `${namespace} is not connected: \`namespace ${namespace}\` connects it`,
};
const IN_SCRIPTS = {
  ...ANYWHERE,
  NOT_CONNECTED: () => "No longer connected",
  CONNECTION_ENDED: ({ reason }) => `No longer connected: ${reason}`,
  BAD_NAMESPACE: ({ namespace }) => `${namespace} is not connected: --namespace ${namespace}, or a line {"connect":${JSON.stringify(namespace)}}, connects it`,
};

/**
 * @param {Error} error
 * @param {{ prompt?: boolean }} [where] whether the message is for the prompt
 */
export function wordsOf(error, { prompt = false } = {}) {
  const words = (prompt ? AT_THE_PROMPT : IN_SCRIPTS)[error.code];
  if (words) return words(error);
  return error.message.replace(/(?:[Tt]he option )?`([\w.]+)`/g, (whole, name) => (Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : whole));
}

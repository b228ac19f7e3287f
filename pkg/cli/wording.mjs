// The words of an error, for who uses the command line: the package's own name its options and methods, which are others here.

// By the name of an option of the package.
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

// By code: what tells of methods. At the prompt there are commands in their place, in scripts options and lines of JSON.
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
  NOT_CONNECTED: () => "Not connected any more",
  CONNECTION_ENDED: ({ reason }) => `Not connected any more: ${reason}`,
  BAD_NAMESPACE: ({ namespace }) => `${namespace} is not connected: --namespace ${namespace}, or a line {"connect":${JSON.stringify(namespace)}}, connects it`,
};

/**
 * @param {Error} error
 * @param {{ prompt?: boolean }} [where] whether they are for somebody at the prompt
 */
export function wordsOf(error, { prompt = false } = {}) {
  const words = (prompt ? AT_THE_PROMPT : IN_SCRIPTS)[error.code];
  if (words) return words(error);
  return error.message.replace(/(?:[Tt]he option )?`([\w.]+)`/g, (whole, name) => (Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : whole));
}

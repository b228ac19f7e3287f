// The names of options in other clients, for their users: python-socketio (in camelCase), and npm socket.io-client.
const OTHER_NAMES = {
  sslVerify: "`tls: { rejectUnauthorized }`",
  httpSession: "`tls`, `proxy`, `agent`, `cookieJar` or `fetch`",
  websocketExtraOptions: "`websocketOptions`",
  engineioLogger: "`engineLogger`",
  socketioPath: "`path`, in connect()",
  engineioPath: "`path`, in connect()",
  extraHeaders: "`headers`, in connect()",
  query: "the query of the URL",
  timeout: "`waitTimeout` in connect(), or `requestTimeout`",
  ackTimeout: "`client.timeout(milliseconds)`",
  parser: "`serializer`",
  withCredentials: "`credentials`",
  ca: "`tls: { ca }`",
  cert: "`tls: { cert }`",
  key: "`tls: { key }`",
  rejectUnauthorized: "`tls: { rejectUnauthorized }`",
  autoUnref: "`unref`",
  reconnect: "`reconnection`",
  callback: "a function as the last argument",
};

const plain = (name) => name.replaceAll("_", "").toLowerCase();

/**
 * Returns this client's counterpart of an option, as a phrase for a message; undefined if there is none.
 * @param {string} option
 * @param {string[]} known the options there are
 */
export function aliasOf(option, known) {
  const same = (name) => plain(name) === plain(option);
  const own = known.find(same);
  if (own) return `\`${own}\``;
  return OTHER_NAMES[Object.keys(OTHER_NAMES).find(same)];
}

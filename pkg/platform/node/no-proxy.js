// The entries of NO_PROXY that are addresses and networks. npm proxy-from-env knows the others: names, suffixes and "*".
import { BlockList, isIP } from "node:net";

const FAMILY = { 4: "ipv4", 6: "ipv6" };
const BITS = { 4: 32, 6: 128 };

// An address with or without brackets, and behind it a port (with brackets only: the colons of IPv6 are ambiguous) or a prefix length.
const ENTRY = /^(?:\[([^\]]+)\](?::(\d+))?|([^[\]/%]+))(?:\/(\d{1,3}))?$/;

/**
 * Returns true if the host of a URL is an address that an entry names, or that is in a network of an entry (CIDR: `10.0.0.0/8`,
 * `fd00::/8`). A name is in no network, since it is not looked up. Entries of another form are ignored, as curl and Go ignore them.
 * @param {URL} url
 * @param {string} list separated by commas or white space
 */
export function isInNoProxy(url, list) {
  const address = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const family = isIP(address);
  if (family === 0) return false;
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return list.split(/[,\s]+/).some((entry) => {
    const [, bracketed, onlyPort, plain, prefix] = ENTRY.exec(entry) ?? [];
    const network = bracketed ?? plain;
    const kind = network === undefined ? 0 : isIP(network);
    if (kind === 0 || network.includes("%") || (bracketed && kind === 4)) return false;
    if (onlyPort !== undefined && (prefix !== undefined || Number(onlyPort) !== Number(port))) return false;
    const length = Number(prefix ?? BITS[kind]);
    if (length > BITS[kind]) return false;
    if (kind === 6 && family === 4) return false; // BlockList would take an IPv4 address for a part of ::/0
    const networks = new BlockList();
    networks.addSubnet(network, length, FAMILY[kind]);
    return networks.check(address, FAMILY[family]);
  });
}

// The cookies of one client, in a user-supplied jar, or in one that is made when a server sets the first cookie.

// A websocket has the cookies of its server's pages.
const pageOf = (url) => String(url).replace(/^ws/, "http");

/** Sent with every request and every websocket; nothing is done while there is no jar. */
export class Cookies {
  #jar;
  #storing; // cookies that are not stored yet

  /** @param {{ getCookieString: Function, setCookie: Function }} [jar] the user's; methods as those of tough-cookie's CookieJar */
  constructor(jar) {
    this.#jar = jar;
  }

  /** True if there are no cookies to send. */
  get empty() {
    return this.#jar === undefined && this.#storing === undefined;
  }

  /**
   * The value of a request's Cookie header: the given cookies, then those of the jar but for names that were given.
   * @param {string | URL} url
   * @param {string} [given] as the user's own header has it
   * @returns {Promise<string | undefined>}
   */
  async header(url, given) {
    await this.#storing;
    const kept = await this.#jar?.getCookieString(pageOf(url));
    if (!given || !kept) return given || kept || undefined;
    const names = new Set(given.split(";").map((cookie) => read(cookie).name));
    return [given, ...kept.split(";").filter((cookie) => !names.has(read(cookie).name))].map((part) => part.trim()).join("; ");
  }

  /**
   * Keeps what a server sets. A cookie that it may not set (of another domain) is left out.
   * @param {string | URL} url
   * @param {string[]} lines its Set-Cookie headers
   */
  store(url, lines) {
    const storing = this.#store(pageOf(url), lines, this.#storing).finally(() => {
      if (this.#storing === storing) this.#storing = undefined;
    });
    this.#storing = storing;
    return storing;
  }

  async #store(url, lines, before) {
    await before?.catch(() => {}); // its caller got the error
    if (this.#jar === undefined) {
      // The rules of RFC 6265 and the list of public suffixes are a work of their own. Loaded when a server sets a cookie.
      const { CookieJar } = await import("tough-cookie");
      this.#jar ??= new CookieJar();
    }
    for (const line of lines) {
      const { name, value } = read(line.split(";", 1)[0]);
      if (name === "" && (value === "" || RESERVED.test(value))) continue;
      // tough-cookie takes a cookie without a name only in its loose mode.
      await this.#jar.setCookie(withExpires(line), url, { ignoreError: true, ...(name === "" && { loose: true }) });
    }
  }
}

const MAX_AGE = /^\s*max-age\s*=\s*(-?\d+)\s*$/i;
const LIFETIME = /^\s*(max-age|expires)\s*=/i;
const LATEST = Date.UTC(9999, 0);

// Max-Age is counted from when the cookie is set; tough-cookie counts from when it was last sent, which here is always just now.
function withExpires(line) {
  const [cookie, ...attributes] = line.split(";");
  const maxAge = attributes.findLast((attribute) => MAX_AGE.test(attribute))?.match(MAX_AGE)[1];
  if (maxAge === undefined) return line;
  const end = maxAge > 0 ? Math.min(Math.ceil(Date.now() / 1000 + Number(maxAge)) * 1000, LATEST) : 0;
  return [cookie, ...attributes.filter((attribute) => !LIFETIME.test(attribute)), ` Expires=${new Date(end).toUTCString()}`].join(";");
}

// RFC 6265bis, section 5.7: without a name, such a value would pass for a cookie that has the guarantees of these prefixes.
const RESERVED = /^__(?:secure|host)-/i;

/** Reads a cookie as RFC 6265bis does, section 5.6: without "=" it is a value that has no name. */
function read(cookie) {
  const at = cookie.indexOf("=");
  return { name: cookie.slice(0, Math.max(at, 0)).trim(), value: cookie.slice(at + 1).trim() };
}

// A `fetch` that records its requests.

/**
 * Wraps Node's own `fetch`, or a given one. `requests` has all requests in order, each with method, url, body, `aborted`, and the headers
 * of the answer; `open` has those without an answer.
 * @param {(url: string, init: object) => Promise<object>} [fetch]
 * @example
 * const fetch = trackedFetch();
 * const client = newClient(t, { fetch });
 */
export function trackedFetch(fetch = globalThis.fetch) {
  const requests = [];
  const tracked = async (url, init) => {
    const request = { method: init.method, url: String(url), body: init.body, aborted: false, ended: false, headers: undefined };
    requests.push(request);
    init.signal.addEventListener("abort", () => (request.aborted = !request.ended), { once: true });
    try {
      const response = await fetch(url, init);
      request.headers = response.headers;
      return response;
    } finally {
      request.ended = true;
    }
  };
  return Object.defineProperties(tracked, {
    requests: { value: requests },
    open: { get: () => requests.filter(({ ended }) => !ended) },
  });
}

// A `fetch` for a client, of which one sees what it is asked.

/**
 * Node's own `fetch`, or a given one, with `requests`: those made so far, in order, each with method, url, body, whether it was
 * aborted, and the headers of the answer; and `open`: those of them that have no answer yet.
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

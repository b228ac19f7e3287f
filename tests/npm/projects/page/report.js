/** Puts what a promise resolves to, or the error that it is rejected with, where the test looks for it. */
export function report(promise) {
  promise.catch((error) => `${error.stack}`).then((heard) => (globalThis.heard = heard));
}

/** The addresses of the servers, which the page's own address has in its query. */
export const servers = Object.fromEntries(new URLSearchParams(location.search));

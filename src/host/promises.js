/** Calls `done(token, true, value)` or `done(token, false, error)` when a promise is settled; says whether it is one. */
export function whenSettled(value, token, done) {
  if (typeof value?.then !== "function") return false;
  Promise.resolve(value).then(
    (result) => done(token, true, result),
    (error) => done(token, false, error),
  );
  return true;
}

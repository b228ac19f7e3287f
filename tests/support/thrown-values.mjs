// Values that user code may throw, and that cannot be shown as errors can.

/** Returns a proxy at which every access throws. */
export const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

/** The values, by a description. */
export const THROWN = {
  "a message that is a symbol": { message: Symbol("s") },
  "a message that cannot be read": { get message() { throw new Error("m"); } },
  "an object without a prototype": Object.create(null),
  "undefined": undefined,
  "a revoked proxy": revoked(),
  "a function whose name is a symbol": Object.defineProperty(() => {}, "name", { value: Symbol("n") }),
  "a tag that cannot be read": { get [Symbol.toStringTag]() { throw new Error("t"); }, toJSON() { throw new Error("j"); } },
};

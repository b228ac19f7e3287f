/**
 * What a network error of Node says: one for a name with several addresses has no message of its own, only its parts have.
 * @param {Error & { code?: string, errors?: Error[] }} error
 * @returns {string}
 */
export function wordsOf(error) {
  return error.message || error.errors?.map((part) => part.message).join("; ") || error.code || String(error);
}

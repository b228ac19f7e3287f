// The core's timers, in one place so that those which should not keep the process alive can be unref'd here.

/**
 * @param {() => void} callback
 * @param {number} milliseconds
 * @returns {NodeJS.Timeout} for clearTimeout
 */
export const setTimeout = (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds);

/** @param {NodeJS.Timeout} handle */
export const clearTimeout = (handle) => globalThis.clearTimeout(handle);

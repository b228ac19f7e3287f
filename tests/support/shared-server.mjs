// A server for a whole file of tests, or for the tests of one `describe`.
import { after, before } from "node:test";
import { TestServer } from "./server.mjs";

/**
 * Starts a server before the first test and kills it after the last one, of the file or of the `describe` that calls this. Its `url` is
 * known once the tests run, so a test reads it, and not the body of the `describe`.
 * @param {string} kind see startServer()
 * @param {object} [options] of the server
 */
export function sharedServer(kind, options = {}) {
  const server = new TestServer(kind, { port: 0, ...options });
  before(() => server.start());
  after(() => server.kill());
  return server;
}

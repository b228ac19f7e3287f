// The examples in Rust, built and served by trunk.

import { spawn } from "node:child_process";
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { takePort } from "../page/support.mjs";
import { until } from "../support/until.mjs";

/** The frameworks that are tried. */
export const FRAMEWORKS = (process.env.FRAMEWORKS ?? "yew leptos dioxus").split(" ");

const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url));

/** trunk in a folder. It is a group of processes, with cargo, which ends with the test run, however that ends. */
class Trunk {
  static #groups = new Set();
  static {
    process.on("exit", () => Trunk.#groups.forEach((group) => process.kill(-group, "SIGKILL")));
  }

  said = "";
  #child;

  constructor(folder, ...parameters) {
    this.#child = spawn("trunk", parameters, { cwd: folder, stdio: ["ignore", "pipe", "pipe"], detached: true });
    Trunk.#groups.add(this.#child.pid);
    for (const output of [this.#child.stdout, this.#child.stderr]) output.setEncoding("utf8").on("data", (text) => (this.said += text));
    /** Resolved with its exit code. */
    this.ended = new Promise((resolve, reject) => {
      this.#child.on("error", ({ message }) => reject(new Error(`trunk is not started: ${message} (scripts/setup.sh trunk installs it)`)));
      this.#child.on("close", resolve);
    }).finally(() => Trunk.#groups.delete(this.#child.pid));
  }

  /** Resolved when it has said something, from a place in all it says on; rejected where a build fails. */
  says(wanted, from = 0) {
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Error(`trunk did not say ${wanted}:\n${this.said}`));
      const look = () => {
        const said = this.said.slice(from);
        if (said.includes(wanted)) resolve();
        else if (said.includes(" ERROR ")) fail();
      };
      look();
      this.#child.stdout.on("data", look);
      this.#child.stderr.on("data", look);
      this.ended.then(fail, reject);
    });
  }

  async end() {
    if (Trunk.#groups.has(this.#child.pid)) process.kill(-this.#child.pid, "SIGKILL");
    await this.ended;
  }
}

/** Builds the page of a framework's example, and answers its folder. */
export async function build(framework) {
  const [folder, page] = [join(EXAMPLES, framework), join("../../target/pages", framework)];
  const trunk = new Trunk(folder, "build", "--dist", page);
  if ((await trunk.ended) !== 0) throw new Error(`the chat with ${framework} is not built:\n${trunk.said}`);
  return join(folder, page);
}

/** A framework's example as someone works on it: a copy, which trunk serves, and builds anew when it is changed. */
export class Workplace {
  #folder;
  #trunk;

  /** @param {string} server the address of the chat's server */
  static async open(t, framework, server) {
    const workplace = new Workplace();
    // Beside the example, since it finds what it needs by relative paths.
    workplace.#folder = join(EXAMPLES, `.reload-${framework}`);
    t.after(() => workplace.#close());
    cpSync(join(EXAMPLES, framework), workplace.#folder, { recursive: true });
    workplace.#replace("Trunk.toml", "localhost:3000", new URL(server).host);
    const { port, close } = await takePort();
    await close();
    workplace.url = `http://127.0.0.1:${port}`;
    workplace.#trunk = new Trunk(workplace.#folder, "serve", "--address", "127.0.0.1", "--port", `${port}`, "--disable-address-lookup");
    await workplace.#trunk.says("server listening at");
    await until("an answer of trunk's server", () => fetch(workplace.url).then(({ ok }) => ok, () => false));
    return workplace;
  }

  /** Changes a text in a file; resolved when the page is built anew. */
  async change(file, from, to) {
    const before = this.#trunk.said.length;
    this.#replace(file, from, to);
    await this.#trunk.says("success", before);
  }

  #replace(file, from, to) {
    const path = join(this.#folder, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(from)) throw new Error(`${file} does not have the text that is to be changed: ${from}`);
    // At once: a file that is emptied and then written would be built twice.
    const changed = join(this.#folder, "changed");
    writeFileSync(changed, text.replaceAll(from, to));
    renameSync(changed, path);
  }

  async #close() {
    await this.#trunk?.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

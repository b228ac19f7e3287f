// The examples in Rust, built and served by trunk.

import { spawn } from "node:child_process";
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { takePort } from "../page/support.mjs";
import { until } from "../support/until.mjs";

/** The frameworks to test. */
export const FRAMEWORKS = (process.env.FRAMEWORKS ?? "yew leptos dioxus").split(" ");

const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url));

/** trunk in a folder, with cargo in the same process group. The group ends with the test run, even if a signal ends the run. */
class Trunk {
  static #groups = new Set();
  static {
    process.on("exit", () => Trunk.#groups.forEach((group) => process.kill(-group, "SIGKILL")));
  }

  output = "";
  #child;

  constructor(folder, ...parameters) {
    this.#child = spawn("trunk", parameters, { cwd: folder, stdio: ["ignore", "pipe", "pipe"], detached: true });
    Trunk.#groups.add(this.#child.pid);
    for (const output of [this.#child.stdout, this.#child.stderr]) output.setEncoding("utf8").on("data", (text) => (this.output += text));
    /** Resolves with its exit code. */
    this.ended = new Promise((resolve, reject) => {
      this.#child.on("error", ({ message }) => reject(new Error(`cannot start trunk: ${message} (scripts/setup.sh trunk installs it)`)));
      this.#child.on("close", resolve);
    }).finally(() => Trunk.#groups.delete(this.#child.pid));
  }

  /** Resolves when the output after `from` contains a string; rejects if a build fails. */
  printed(wanted, from = 0) {
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Error(`trunk did not print ${wanted}:\n${this.output}`));
      const look = () => {
        const output = this.output.slice(from);
        if (output.includes(wanted)) resolve();
        else if (output.includes(" ERROR ")) fail();
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

/** Builds the page of a framework's example. Returns its folder. */
export async function build(framework) {
  const [folder, page] = [join(EXAMPLES, framework), join("../../target/pages", framework)];
  const trunk = new Trunk(folder, "build", "--dist", page);
  if ((await trunk.ended) !== 0) throw new Error(`cannot build the chat with ${framework}:\n${trunk.output}`);
  return join(folder, page);
}

/** A copy of a framework's example. trunk serves it, and rebuilds it after each change. */
export class Workplace {
  #folder;
  #trunk;

  /** @param {string} server the address of the chat's server */
  static async open(t, framework, server) {
    const workplace = new Workplace();
    // Beside the example, whose relative paths must stay valid.
    workplace.#folder = join(EXAMPLES, `.reload-${framework}`);
    t.after(() => workplace.#close());
    cpSync(join(EXAMPLES, framework), workplace.#folder, { recursive: true });
    workplace.#replace("Trunk.toml", "localhost:3000", new URL(server).host);
    const { port, close } = await takePort();
    await close();
    workplace.url = `http://127.0.0.1:${port}`;
    workplace.#trunk = new Trunk(workplace.#folder, "serve", "--address", "127.0.0.1", "--port", `${port}`, "--disable-address-lookup");
    await workplace.#trunk.printed("server listening at");
    await until("an answer of trunk's server", () => fetch(workplace.url).then(({ ok }) => ok, () => false));
    return workplace;
  }

  /** Replaces a string in a file. Resolves when the page is rebuilt. */
  async change(file, from, to) {
    const before = this.#trunk.output.length;
    this.#replace(file, from, to);
    await this.#trunk.printed("success", before);
  }

  #replace(file, from, to) {
    const path = join(this.#folder, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(from)) throw new Error(`${file} does not contain the string to replace: ${from}`);
    // A rename is atomic: trunk would build twice if the file were emptied and then written.
    const changed = join(this.#folder, "changed");
    writeFileSync(changed, text.replaceAll(from, to));
    renameSync(changed, path);
  }

  async #close() {
    await this.#trunk?.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

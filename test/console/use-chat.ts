import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { build } from "vite";

const APP = join(import.meta.dirname, "../../docs/use-chat");

/** The example app of docs/use-chat as its page tells to run it: built by vite, and served by its own server. */
export class ExampleApp {
  readonly #dist: string;
  readonly #servers: ChildProcess[] = [];

  private constructor(dist: string) {
    this.#dist = dist;
  }

  static async build(): Promise<ExampleApp> {
    const dist = mkdtempSync(join(tmpdir(), "use-chat-"));
    await build({
      root: APP,
      logLevel: "error",
      configFile: false,
      build: { outDir: dist, emptyOutDir: true, target: "es2022" },
    });
    return new ExampleApp(dist);
  }

  /** @returns its URL */
  async serve(settings: Record<string, string>): Promise<string> {
    const server = spawn(process.execPath, [join(APP, "server.js")], {
      env: { ...process.env, ...settings, DIST: this.#dist },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#servers.push(server);
    const ended = once(server, "exit").then(([status]) => {
      throw new Error(`the example's server ended with ${status}`);
    });
    const [line] = (await Promise.race([once(server.stdout, "data"), ended])) as [Buffer];
    ended.catch(() => undefined);
    return line.toString().trim();
  }

  stop(): void {
    for (const server of this.#servers) server.kill();
    rmSync(this.#dist, { recursive: true });
  }
}

import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import type { Task, Told } from "./protocol.ts";

/** The longest that a process takes to load every test. */
const START_MS = 180_000;

/** A process in workerd that holds the tests. Starts when it is first asked, and again after its end. */
export class Lab {
  readonly #directory: string;
  readonly #name: string;
  #end: (() => void) | null = null;
  /** The process waits for its next task. */
  #waiting: ServerResponse | null = null;
  #heard: (told: Told | null) => void = () => {};
  /** Since the process began, so many tasks. */
  tasks = 0;

  /** @param directory - has the instrumented sources, and gets the log */
  constructor(directory: string, name: string) {
    this.#directory = directory;
    this.#name = name;
  }

  /** @returns what came of it; null if the process ended, or was ended after so long */
  async ask(task: Task, patienceMs: number): Promise<Told | null> {
    if (this.#waiting === null && (await this.#start()) === null) {
      throw new Error(`the tests cannot be started; see ${this.#logFile}`);
    }
    this.tasks += 1;
    const told = this.#hear(patienceMs);
    this.#waiting?.end(JSON.stringify(task));
    this.#waiting = null;
    return told;
  }

  stop(): void {
    this.#end?.();
    this.#end = null;
    this.#waiting = null;
    this.tasks = 0;
  }

  get #logFile(): string {
    return join(this.#directory, `${this.#name}.log`);
  }

  async #hear(patienceMs: number): Promise<Told | null> {
    const { promise, resolve } = Promise.withResolvers<Told | null>();
    this.#heard = resolve;
    const timer = setTimeout(() => resolve(null), patienceMs);
    const told = await promise;
    clearTimeout(timer);
    if (told === null) this.stop();
    return told;
  }

  async #start(): Promise<Told | null> {
    const server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      request.on("end", () => {
        this.#waiting = response;
        this.#heard(JSON.parse(body) as Told);
      });
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const log = openSync(this.#logFile, "w");
    const child = spawn(
      process.execPath,
      ["node_modules/vitest/vitest.mjs", "run", "--config", "test/mutation/vitest.config.ts"],
      {
        // A group of its own: workerd is the process's child, and ends with it.
        detached: true,
        stdio: ["ignore", log, log],
        env: {
          ...process.env,
          MUTANTS: join(this.#directory, "sources.json"),
          DRIVER: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        },
      },
    );
    const heard = this.#hear(START_MS);
    const end = () => {
      server.close();
      server.closeAllConnections();
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
        process.kill(-child.pid, "SIGKILL");
      }
    };
    this.#end = end;
    child.once("exit", () => {
      if (this.#end === end) this.#heard(null);
    });
    return heard;
  }
}

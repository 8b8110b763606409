import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { commandPath } from "./packages.ts";

const TIMEOUT_MS = 300_000;
/** No server listens there: what a client would send to the internet ends here. */
const NOWHERE = "http://127.0.0.1:9";

/** A home and a folder to work in, of one command. */
export interface Place {
  home: string;
  work: string;
}

/** @param run - is given a place that is removed afterwards */
export async function inPlace<T>(run: (place: Place) => Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), "colloquy-client-"));
  const place = { home: join(root, "home"), work: join(root, "work") };
  for (const path of Object.values(place)) mkdirSync(path);
  try {
    return await run(place);
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** Runs a command of an installed package. @param input - what it reads @returns what it prints @throws with all that it said, when it fails */
export function runCommand(
  [name = "", ...args]: string[],
  { home, work }: Place,
  env: Record<string, string>,
  input = "",
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(commandPath(name), args, {
      cwd: work,
      // All of its processes are ended with it.
      detached: true,
      stdio: "pipe",
      env: {
        PATH: [join(process.execPath, ".."), process.env["PATH"]].join(delimiter),
        HOME: home,
        TMPDIR: tmpdir(),
        DO_NOT_TRACK: "1",
        HTTP_PROXY: NOWHERE,
        HTTPS_PROXY: NOWHERE,
        NO_PROXY: "127.0.0.1,localhost",
        ...env,
      },
    });
    child.stdin.end(input);
    let [printed, said] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const end = () => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    };
    const late = setTimeout(end, TIMEOUT_MS);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(late);
      end();
      if (code === 0) resolve(printed);
      else reject(new Error(`${name} ${args.join(" ")} ended with ${code}:\n${printed}\n${said}`));
    });
  });
}

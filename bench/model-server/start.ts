import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

export interface ModelServer {
  /** As `OPENAI_BASE_URL` has it. */
  url: string;
  stop: () => void;
}

/** The model that everything under measurement asks: a process of its own, which ends with this one. */
export async function startModelServer(): Promise<ModelServer> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const [port] = (await once(createInterface({ input: child.stdout as Readable }), "line")) as [
    string,
  ];
  return { url: `http://127.0.0.1:${port}/v1`, stop: () => child.kill("SIGKILL") };
}

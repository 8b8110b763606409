import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** One of the servers in `servers/`, in a Node of its own. */
export async function startNode(
  file: string,
  where: string,
  modelUrl: string,
): Promise<{ url: URL; pid: number; stop(): Promise<void> }> {
  const path = join(import.meta.dirname, "servers", file);
  const child = spawn(process.execPath, [path, where, modelUrl], {
    stdio: ["pipe", "pipe", "inherit"],
    // No peer tells its makers that it runs.
    env: { ...process.env, LANGSMITH_TRACING: "false", MASTRA_TELEMETRY_DISABLED: "1" },
  });
  const ended = once(child, "exit");
  const port = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", () => reject(new Error(`${file} did not start`)));
  });
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    pid: child.pid ?? 0,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** One of the servers in `servers/`, in a Node of its own. */
export async function startNode(
  file: string,
  where: string,
): Promise<{ url: URL; stop(): Promise<void> }> {
  const path = join(import.meta.dirname, "servers", file);
  const child = spawn(process.execPath, [path, where], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const port = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", () => reject(new Error(`${file} did not start`)));
  });
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

// Reads an export of ChatGPT in a process of its own: node bench/read-export.ts <reader's files.ts> <export>
// It says in JSON how long that took, how much time of processors, how many messages it found, and how much memory it had at most.
import { pathToFileURL } from "node:url";

import type { filesSource as Reader } from "../src/cli/files/files.ts";

const [reader = "", file = ""] = process.argv.slice(2);
const { filesSource } = (await import(pathToFileURL(reader).href)) as {
  filesSource: typeof Reader;
};

const EVERY_MS = 20;
let most = 0;
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss());
}, EVERY_MS);
const began = performance.now();
const used = process.cpuUsage();
let messages = 0;
for await (const found of filesSource("chatgpt", file).read(null)) {
  if ("problem" in found) throw new Error(found.problem);
  for (const { input, output } of found.conversation.turns)
    messages += input.length + (output?.length ?? 0);
}
const ms = performance.now() - began;
const { user, system } = process.cpuUsage(used);
clearInterval(watch);
console.log(
  JSON.stringify({
    ms,
    cpuMs: (user + system) / 1_000,
    messages,
    rss: Math.max(most, process.memoryUsage.rss()),
  }),
);

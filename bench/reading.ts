import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { writeChatgptExport } from "./chatgpt-export.ts";
import { atMost, figure } from "./figure.ts";
import type { Figure } from "./figure.ts";

const ROUNDS = 5;
const MB = 1024 * 1024;

interface Reading {
  ms: number;
  cpuMs: number;
  messages: number;
  rss: number;
}

/**
 * Messages a second of the reader of ChatGPT's exports, in a process of its own, and the memory that it takes.
 *
 * @param beside - another checkout's `files.ts`, read in turn with ours
 */
export async function measureReading(
  root: string,
  messages: number,
  beside: string | undefined,
): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), "colloquy-reading-"));
  try {
    const [small, large] = [join(directory, "small.json"), join(directory, "large.json")];
    await writeChatgptExport(small, messages / 2);
    await writeChatgptExport(large, messages);
    const readers = { own: join(root, "src/cli/files/files.ts"), ...(beside && { beside }) };
    const found: Record<string, Reading[]> = {};
    // In turn, so that other work on the machine hits both.
    for (let round = 0; round < ROUNDS; round += 1)
      for (const [name, reader] of Object.entries(readers))
        (found[name] ??= []).push(await read(root, reader, large));
    const { rss } = await read(root, readers.own, small);
    const own = best(found["own"] ?? []);
    const of = `${messages.toLocaleString("en")} messages of a ChatGPT export, read`;
    const rise = Math.min(...(found["own"] ?? []).map((each) => each.rss)) - rss;
    const figures = [
      figure(of, own.messages / (own.ms / 1_000), "messages/s"),
      atMost(64, figure(`${of}, memory beside half of them`, rise / MB, "MB more")),
    ];
    const other = found["beside"] && best(found["beside"]);
    if (!other) return figures;
    return [
      ...figures,
      figure(`${of}, by the reader beside`, other.messages / (other.ms / 1_000), "messages/s"),
      figure(`${of}, beside it`, other.ms / own.ms, "× as fast"),
      figure(`${of}, beside it, by processor time`, other.cpuMs / own.cpuMs, "× as fast"),
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Other work only ever makes it slower: the fastest of several is the nearest to what the reader takes. */
const best = (all: readonly Reading[]): Reading => ({
  ms: Math.min(...all.map(({ ms }) => ms)),
  cpuMs: Math.min(...all.map(({ cpuMs }) => cpuMs)),
  messages: all[0]?.messages ?? 0,
  rss: Math.min(...all.map(({ rss }) => rss)),
});

async function read(root: string, reader: string, file: string): Promise<Reading> {
  const child = spawn(process.execPath, [join(root, "bench/read-export.ts"), reader, file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk) => void (text += String(chunk)));
  const [status] = (await once(child, "close")) as [number];
  if (status !== 0) throw new Error(`reading ${file} failed`);
  return JSON.parse(text) as Reading;
}

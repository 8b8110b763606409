import type { ChildProcess } from "node:child_process";
import { createRequire } from "node:module";

import { Client, post } from "./client.ts";

/** V8 tells of each collection, in 2 kB: the process writes what it tells when it has 4 kB. */
const FLAGS = ["--trace-gc", "--trace-gc-nvp"];
/** `[<process>:<isolate>:0]  <ms since the isolate's start> ms: GC: {"pause":…,"gc":"mc",…}`. `mc` is of the whole heap. */
const COLLECTION = /\[\d+:(0x[0-9a-f]+):\d+\] +(\d+) ms: GC: \{"pause":([\d.]+).*?"gc":"(\w+)"/;
/** No run tells of nothing for so long. */
const MAX_REQUESTS = 100_000;

/** In ms since the epoch, as finely as the clock goes. */
export const epochMs = (): number => performance.timeOrigin + performance.now();

interface Collection {
  isolate: string;
  /** When it ended, in ms since the isolate's start. */
  at: number;
  /** In ms. */
  took: number;
}

/**
 * V8's collections of a whole heap. workerd answers no request during one: those of a bare Worker wait as the product's do.
 * All isolates share workerd's thread. Miniflare passes on only what Workers log, so this reads
 * what workerd writes.
 */
export class Collections {
  readonly #whole: Collection[] = [];
  /** Of each isolate, in ms since the epoch. Some lines come late, and none early. */
  readonly #starts = new Map<string, number>();
  /** What was told last. */
  #last: Pick<Collection, "isolate" | "at"> | null = null;

  /** To be called before workerd is started. */
  static watch(): Collections {
    const collections = new Collections();
    const others = process.env["MINIFLARE_WORKERD_V8_FLAGS"]?.split(" ") ?? [];
    process.env["MINIFLARE_WORKERD_V8_FLAGS"] = [...others, ...FLAGS].join(" ");
    const processes = createRequire(import.meta.url)("node:child_process") as {
      spawn: (...args: unknown[]) => ChildProcess;
    };
    const { spawn } = processes;
    processes.spawn = (...args) => {
      const started = spawn(...args);
      if (/workerd[^/]*$/.test(String(args[0]))) collections.#read(started);
      return started;
    };
    return collections;
  }

  #read({ stdout }: ChildProcess): void {
    let rest = { text: "", came: 0 };
    stdout?.on("data", (bytes: Buffer) => {
      const now = epochMs();
      const lines = (rest.text + bytes.toString()).split("\n");
      const text = lines.pop() ?? "";
      for (const [n, line] of lines.entries()) {
        // What fills the buffer is cut off there, and was written at that moment.
        this.#take(line, n === 0 && rest.text !== "" ? rest.came : now);
      }
      rest = { text, came: lines.length === 0 && rest.text !== "" ? rest.came : now };
    });
  }

  #take(line: string, came: number): void {
    const [, isolate, at, took, kind] = COLLECTION.exec(line) ?? [];
    if (isolate === undefined) return;
    const told = { isolate, at: Number(at), took: Number(took) };
    if (kind === "mc") this.#whole.push(told);
    const known = this.#starts.get(isolate) ?? Number.POSITIVE_INFINITY;
    this.#starts.set(isolate, Math.min(came - told.at, known));
    this.#last = told;
  }

  /** Has a bare Worker make garbage until V8 has told of all that was before. */
  async tellAll(floor: URL): Promise<void> {
    const now = epochMs();
    const client = await Client.open(floor);
    const request = post("/query", { query: "What is 12 * 7?", session_id: "bare" });
    for (let n = 0; n < MAX_REQUESTS && !this.#hasTold(now); n += 1) await client.send(request);
    client.close();
  }

  #hasTold(moment: number): boolean {
    return this.#last !== null && this.#ended(this.#last) >= moment;
  }

  #ended({ isolate, at }: Pick<Collection, "isolate" | "at">): number {
    return (this.#starts.get(isolate) ?? 0) + at;
  }

  /** How many ms between two moments, in ms since the epoch, V8 spent on them. */
  within(began: number, ended: number): number {
    return this.#whole.reduce((sum, each) => {
      const end = this.#ended(each);
      return sum + Math.max(0, Math.min(ended, end) - Math.max(began, end - each.took));
    }, 0);
  }

  /** How long each took between two moments, in ms. */
  between(began: number, ended: number): number[] {
    return this.#whole
      .filter((each) => this.#ended(each) > began && this.#ended(each) - each.took < ended)
      .map(({ took }) => took);
  }
}

import type { ChildProcess } from "node:child_process";
import { createRequire } from "node:module";

/** V8 tells of each collection, and how long it took without a pause. */
const FLAG = "--trace-gc";
/** `[<process>:<isolate>]  <ms since the isolate's start> ms: Mark-Compact <before> -> <after> MB, …, <ms> / <ms> ms …` */
const FULL = /\[\d+:(0x[0-9a-f]+)\] +(\d+) ms: Mark-Compact [^,]*, pooled: [^,]*, ([\d.]+) \//;

/** When V8 collected the whole heap of an isolate, in ms since the epoch. All isolates share workerd's thread. */
interface Collection {
  began: number;
  ended: number;
}

interface Told {
  isolate: string;
  /** Since the isolate's start, in ms. */
  at: number;
  took: number;
}

/**
 * V8's collections of a whole heap. While one is on nobody is answered, whatever the Worker does: a bare Worker's requests wait
 * for them as the product's do. Watches what workerd writes: Miniflare passes on only what Workers log.
 */
export class Collections {
  readonly #told: Told[] = [];
  /** Of each isolate, in ms since the epoch: what is told comes no earlier than it was. */
  readonly #starts = new Map<string, number>();

  /** To be called before workerd is started. */
  static watch(): Collections {
    const collections = new Collections();
    process.env["MINIFLARE_WORKERD_V8_FLAGS"] = [
      ...(process.env["MINIFLARE_WORKERD_V8_FLAGS"]?.split(" ") ?? []),
      FLAG,
    ].join(" ");
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
    let rest = "";
    stdout?.on("data", (bytes: Buffer) => {
      const lines = (rest + bytes.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#take(line);
    });
  }

  #take(line: string): void {
    const [, isolate, at, took] = FULL.exec(line) ?? [];
    if (isolate === undefined) return;
    const told = { isolate, at: Number(at), took: Number(took) };
    this.#told.push(told);
    const start = performance.timeOrigin + performance.now() - told.at;
    this.#starts.set(
      isolate,
      Math.min(start, this.#starts.get(isolate) ?? Number.POSITIVE_INFINITY),
    );
  }

  /** How many ms between two moments, in ms since the epoch, V8 spent on them. */
  within(began: number, ended: number): number {
    return this.#all().reduce(
      (sum, each) => sum + Math.max(0, Math.min(ended, each.ended) - Math.max(began, each.began)),
      0,
    );
  }

  get count(): number {
    return this.#told.length;
  }

  /** How long each took, in ms, but for the first ones. */
  since(first: number): number[] {
    return this.#told.slice(first).map(({ took }) => took);
  }

  #all(): Collection[] {
    return this.#told.map(({ isolate, at, took }) => {
      const ended = (this.#starts.get(isolate) ?? 0) + at;
      return { began: ended - took, ended };
    });
  }
}

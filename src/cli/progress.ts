import { Presets, SingleBar } from "cli-progress";

/** Where nobody watches, a line is enough from time to time. */
const SAY_EVERY_MS = 10_000;

/** What is told while it takes its time, on the error output: the other is the report's. */
export interface Progress {
  update: (done: number) => void;
  say: (text: string) => void;
  stop: () => void;
}

/** @param total - null where nobody knows */
export function startProgress(total: number | null, what: string): Progress {
  return process.stderr.isTTY ? bar(total, what) : saying(total, what);
}

function bar(total: number | null, what: string): Progress {
  const shown = new SingleBar(
    {
      format:
        total === null
          ? `{value} ${what} | {duration_formatted}`
          : `{bar} {value}/{total} ${what} | {duration_formatted} | {eta_formatted} left`,
      stream: process.stderr,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  shown.start(total ?? 0, 0);
  return {
    update: (done) => shown.update(done),
    say(text) {
      // The bar writes itself anew below.
      process.stderr.write(`\r\u001B[K${text}\n`);
    },
    stop: () => shown.stop(),
  };
}

function saying(total: number | null, what: string): Progress {
  let said = performance.now();
  const of = total === null ? "" : ` of ${total}`;
  return {
    update(done) {
      if (performance.now() - said < SAY_EVERY_MS) return;
      said = performance.now();
      process.stderr.write(`${done}${of} ${what}\n`);
    },
    say(text) {
      process.stderr.write(`${text}\n`);
    },
    stop: () => undefined,
  };
}

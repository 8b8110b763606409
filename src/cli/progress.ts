import { Presets, SingleBar } from "cli-progress";

/** In a log, a line every so often is enough; in ms. */
const SAY_EVERY_MS = 10_000;
const MB = 1_000_000;

/** Messages while a source is read, on the error output: the other output is the report's. */
export interface Progress {
  update: (done: number) => void;
  say: (text: string) => void;
  stop: () => void;
}

/** How much there is to do. */
export interface Extent {
  /** Null where it is not known before all is read. */
  total: number | null;
  /** The size of files, and how much of it is read. */
  bytes?: { total: number; read: () => number } | undefined;
}

export function startProgress(extent: Extent, what: string): Progress {
  return process.stderr.isTTY ? bar(extent, what) : saying(extent, what);
}

/** Conversations a second, and the seconds that are left at that rate; null where that cannot be told. */
export function paceOf(
  { total, bytes }: Extent,
  done: number,
  ms: number,
): { rate: number; left: number | null } {
  const seconds = Math.max(ms, 1) / 1_000;
  const part = bytes ? bytes.read() / Math.max(bytes.total, 1) : total ? done / total : 0;
  return {
    rate: Math.round(done / seconds),
    left: part > 0 ? Math.max(0, Math.round(seconds / Math.min(part, 1) - seconds)) : null,
  };
}

/** Where it is not known how much there is, there is no bar: it would be full from the beginning. */
export const formatOf = ({ total, bytes }: Extent, what: string): string =>
  total === null && bytes === undefined
    ? `{done} ${what} | {rate}/s | {took}`
    : `{bar} {percentage} % | {done} ${what} | {rate}/s | {took} | {left} left`;

function bar(extent: Extent, what: string): Progress {
  const { total, bytes } = extent;
  const shown = new SingleBar(
    {
      format: formatOf(extent, what),
      stream: process.stderr,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  const began = performance.now();
  const payload = (done: number) => {
    const ms = performance.now() - began;
    const { rate, left } = paceOf(extent, done, ms);
    return { done, rate, took: clock(ms / 1_000), left: left === null ? "?" : clock(left) };
  };
  const whole = bytes ? bytes.total : (total ?? 0);
  shown.start(whole, 0, payload(0));
  return {
    update: (done) => shown.update(bytes ? Math.min(bytes.read(), whole) : done, payload(done)),
    say(text) {
      // The bar writes itself again below.
      process.stderr.write(`\r\u001B[K${text}\n`);
    },
    stop: () => shown.stop(),
  };
}

function saying(extent: Extent, what: string): Progress {
  const { total, bytes } = extent;
  const began = performance.now();
  let said = began;
  return {
    update(done) {
      const now = performance.now();
      if (now - said < SAY_EVERY_MS) return;
      said = now;
      const { rate, left } = paceOf(extent, done, now - began);
      const of = bytes
        ? ` (${Math.round(bytes.read() / MB)} of ${Math.round(bytes.total / MB)} MB)`
        : total === null
          ? ""
          : ` of ${total}`;
      const rest = left === null ? "" : `, ${clock(left)} left`;
      process.stderr.write(`${done}${of} ${what}, ${rate}/s${rest}\n`);
    },
    say(text) {
      process.stderr.write(`${text}\n`);
    },
    stop: () => undefined,
  };
}

/** `1:02:03`, or `2:03`. */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const two = (part: number): string => String(part).padStart(2, "0");

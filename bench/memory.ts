import { readFileSync, readdirSync } from "node:fs";

const EVERY_MS = 10;

function residentBytes(pids: number[]): number {
  return pids.reduce((sum, pid) => sum + (statusOf(pid, "VmRSS") ?? 0) * 1024, 0);
}

function statusOf(pid: number, field: string): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? Number.NaN);
  } catch {
    return null;
  }
}

/** What /proc tells of a thread: how long it ran, and how long it could have run while other programs had the cores. */
const SCHEDULED = { worked: 0, inLine: 1 } as const;

/**
 * Reads the processor time of workerd's thread for JavaScript, in ms. Unlike the clock it does not count what other programs of
 * the machine do. The reader gives null where there is no /proc.
 *
 * @param what - `inLine` for the time that the thread waited for a core instead
 */
export function processorClock(what: keyof typeof SCHEDULED = "worked"): () => number | null {
  const pids = workerds();
  const nanoseconds = (pid: number): number =>
    Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ")[SCHEDULED[what]]);
  return () =>
    pids.length === 0 ? null : pids.reduce((sum, pid) => sum + nanoseconds(pid), 0) / 1e6;
}

/** The processes of workerd that this one started; none where there is no /proc. */
function workerds(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => statusOf(pid, "PPid") === process.pid && commandOf(pid) === "workerd");
  } catch {
    return [];
  }
}

const commandOf = (pid: number): string => readFileSync(`/proc/${pid}/comm`, "utf8").trim();

/** By how much the memory of workerd rose at most while `work` was on, in bytes; null where it cannot be measured. */
export async function peakRise<T>(
  work: () => Promise<T>,
): Promise<{ result: T; rise: number | null }> {
  const pids = workerds();
  const before = residentBytes(pids);
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, residentBytes(pids));
  }, EVERY_MS);
  try {
    const result = await work();
    return { result, rise: pids.length === 0 ? null : peak - before };
  } finally {
    clearInterval(timer);
  }
}

import { readFileSync, readdirSync } from "node:fs";

/** The fields of `/proc/<pid>/stat` from the third on: a name may hold anything. */
const statOf = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");

/** The processor time of a process so far, in ms. The kernel counts in steps of 10 ms. */
export function cpuMs(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/**
 * The processor time so far of a process and all that it started, directly or not, in ms. The time of those that ended is
 * their parent's: PostgreSQL starts workers that live for seconds.
 */
export function treeCpuMs(pid: number): number {
  const stats = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          return [[Number(name), statOf(Number(name))] as const];
        } catch {
          // It ended meanwhile.
          return [];
        }
      }),
  );
  const tree = [pid];
  for (const at of tree)
    for (const [child, [, parent]] of stats) if (Number(parent) === at) tree.push(child);
  const ticks = tree.flatMap((each) => stats.get(each)?.slice(11, 15) ?? []);
  return ticks.reduce((sum, each) => sum + Number(each), 0) * 10;
}

/** The memory of a process, in KiB. */
export const memoryKib = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);

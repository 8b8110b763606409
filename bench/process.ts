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

/** A process and all that it started, directly or not. */
export function withDescendants(pid: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [{ pid: Number(name), parent: Number(statOf(Number(name))[1]) }];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
  const found = [pid];
  for (const at of found)
    found.push(...parents.filter(({ parent }) => parent === at).map((each) => each.pid));
  return found;
}

/** The memory of a process, in KiB. */
export const memoryKib = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);

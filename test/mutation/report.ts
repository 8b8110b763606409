import { areaNames } from "./mutants.ts";
import type { Mutant } from "./mutants.ts";

export interface Found {
  status: "killed" | "timeout" | "survived" | "no coverage";
  /** Which test found it, and what it said. */
  test: string | null;
  error: string | null;
}
/** By the mutant's key. */
export type Results = Record<string, Found>;

const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
const short = (text: string) => text.replaceAll(/\s+/g, " ").slice(0, 90);

const STATUSES = ["killed", "timeout", "survived", "no coverage"] as const;

/** As Markdown, as it goes into the documentation. */
export function table(mutants: readonly Mutant[], results: Results, how: string): string {
  const lines = [
    `| area | mutants | killed | timeout | survived | no coverage | score |`,
    `| --- | ---: | ---: | ---: | ---: | ---: | ---: |`,
  ];
  for (const area of areaNames) {
    const found = mutants
      .filter((mutant) => mutant.area === area)
      .map(({ key }) => results[key]?.status);
    if (found.length === 0) continue;
    const counts = STATUSES.map((status) => found.filter((each) => each === status).length);
    const [killed = 0, timeout = 0] = counts;
    const score = scoreOf(killed + timeout, found.length, how === "full");
    lines.push(`| ${[area, found.length, ...counts, score].join(" | ")} |`);
  }
  return `${lines.join("\n")}\n${how}, ${new Date().toISOString().slice(0, 10)}`;
}

/** With the 95 % interval of Wilson where it is a sample. */
function scoreOf(killed: number, all: number, exact: boolean): string {
  const share = killed / all;
  if (exact) return percent(share);
  const z = 1.96;
  const middle = (share + z ** 2 / (2 * all)) / (1 + z ** 2 / all);
  const reach =
    (z / (1 + z ** 2 / all)) * Math.sqrt((share * (1 - share)) / all + z ** 2 / (4 * all ** 2));
  return `${percent(share)} (${percent(middle - reach)} to ${percent(middle + reach)})`;
}

/** What no test notices, by file and line. */
export function survivors(mutants: readonly Mutant[], results: Results): string {
  return mutants
    .filter(({ key }) => ["survived", "no coverage"].includes(results[key]?.status ?? ""))
    .map(
      ({ key, file, line, mutator, original, replacement }) =>
        `${file}:${line} ${results[key]?.status === "survived" ? "" : "(not run) "}${mutator}: ${short(original)} → ${short(replacement)}`,
    )
    .join("\n");
}

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parser } from "@prometheus-io/lezer-promql";
import { expect, it } from "vitest";
import { parse } from "yaml";

import { ALERTS } from "../../src/setup/alert-rules.ts";
import { makeFiles } from "../../src/setup/monitoring.ts";
import { METRICS, PREFIX } from "../../src/observe/metric-list.ts";

const PROJECT = join(import.meta.dirname, "../..");

interface Panel {
  title: string;
  targets?: { expr: string }[];
}
interface Rule {
  alert: string;
  expr: string;
  for?: string;
}

const files = makeFiles();
const { panels } = JSON.parse(files["grafana.json"] ?? "") as { panels: Panel[] };
const { groups } = parse(files["alerts.yaml"] ?? "") as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const expressions = [
  ...rules.map(({ expr }) => expr),
  ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
].map((expr) => expr.replaceAll("$__rate_interval", "5m"));

/** The names of series that Prometheus has of each metric. */
const SERIES = new Set(
  Object.entries(METRICS).flatMap(([name, { type }]) =>
    (type === "histogram" ? ["_bucket", "_sum", "_count"] : [""]).map(
      (part) => `${PREFIX}${name}${part}`,
    ),
  ),
);

it.each(Object.entries(files))("has docs/%s as it is generated", (name, text) => {
  expect(readFileSync(join(PROJECT, "docs", name), "utf8")).toBe(text);
});

it("asks for listed series alone, in PromQL", () => {
  expect(expressions.length).toBeGreaterThan(50);
  for (const expr of expressions) {
    const wrong: string[] = [];
    parser.parse(expr).iterate({
      enter: ({ type, from, to }) => {
        const text = expr.slice(from, to);
        if (type.isError) wrong.push(`not PromQL: ${expr.slice(from)}`);
        if (type.name === "Identifier" && text.startsWith(PREFIX) && !SERIES.has(text))
          wrong.push(`not listed: ${text}`);
      },
    });
    expect([expr, wrong]).toEqual([expr, []]);
  }
});

it("shows every metric of the list in a panel", () => {
  const shown = panels.flatMap(({ title, targets }) => (targets ? [title] : []));
  expect(shown.toSorted()).toEqual(Object.keys(METRICS).toSorted());
  for (const { title, targets = [] } of panels)
    for (const { expr } of targets) expect(expr).toContain(PREFIX + title);
});

it("names each alert once, and pages that there are", () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(ALERTS.length);
  const named = ALERTS.flatMap(({ todo }) => todo.match(/docs\/[\w-]+\.md(?:#[\w-]+)?/g) ?? []);
  expect(named.filter((place) => !isThere(place))).toEqual([]);
});

function isThere(place: string): boolean {
  const [page = "", anchor] = place.split("#");
  const file = join(PROJECT, page);
  if (!existsSync(file) || anchor === undefined) return existsSync(file);
  const headings = readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm);
  return [...headings].some(([, text = ""]) => text.toLowerCase().replaceAll(" ", "-") === anchor);
}

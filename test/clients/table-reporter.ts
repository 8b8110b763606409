import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import type { Reporter, TestModule, Vitest } from "vitest/node";

import { CLIENTS, installedVersion } from "./packages.ts";

const GUIDE = join(import.meta.dirname, "../../docs/openai.md");
const BEGIN = "<!-- Made by npm run test:clients -- -u -->\n\n";
const END = "\n<!-- end of what is made -->";
const HEADER = ["client", "version", "what was done", "result"];

/** Compares the table of docs/openai.md with what was run, or writes it (`-u`). Rows of what was not run stay. */
export class TableReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const guide = readFileSync(GUIDE, "utf8");
    const [before, after] = [guide.indexOf(BEGIN) + BEGIN.length, guide.indexOf(END)];
    const found = parse(guide.slice(before, after));
    const rows = CLIENTS.flatMap(({ file, packageName }) => {
      const module = modules.find(({ moduleId }) => basename(moduleId) === file);
      const ran = module ? rowsOf(module, packageName) : null;
      return ran ?? found.filter(([name]) => name === code(packageName));
    });
    if (JSON.stringify(rows) === JSON.stringify(found)) return;
    if (this.#vitest?.config.snapshotOptions.updateSnapshot === "all") {
      writeFileSync(GUIDE, `${guide.slice(0, before)}${format(rows)}${guide.slice(after)}`);
      console.log("docs/openai.md has the new table.");
      return;
    }
    console.error("docs/openai.md has another table. Renew it: npm run test:clients -- -u");
    process.exitCode = 1;
  }
}

/** Null unless all tests of the file have run and passed. */
function rowsOf(module: TestModule, packageName: string): string[][] | null {
  const tests = [...module.children.allTests()];
  if (tests.length === 0 || tests.some((test) => test.result().state !== "passed")) return null;
  const version = installedVersion(packageName) ?? "";
  return tests.map((test) => [
    code(packageName),
    version,
    test.name,
    test.meta().result ?? "works",
  ]);
}

const code = (name: string): string => `\`${name}\``;

function parse(table: string): string[][] {
  const lines = table.trim().split("\n").slice(2);
  return lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** As oxfmt has it. */
function format(rows: string[][]): string {
  const widths = HEADER.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |\n`;
  const rule = line(widths.map((width) => "-".repeat(width)));
  return [line(HEADER), rule, ...rows.map(line)].join("");
}

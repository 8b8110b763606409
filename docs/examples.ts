// `npm run docs:examples` applies the examples of contributing.md to a copy of the tree, and checks and tests the copy.
//
// A fence names what it does: "```ts path" is a new file, "```sql path" replaces one, "```diff path" changes one, and
// "```sh apply" runs commands. A diff has no line numbers: its lines without + stand in the file, together and once.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const GUIDE = "docs/contributing.md";
const FENCE = /^```(\w+) (\S+)\n([^]*?)^```$/gm;

const copy = mkdtempSync(join(tmpdir(), "examples-"));
const run = (command: string, ...args: string[]): void => {
  execFileSync(command, args, { cwd: copy, stdio: ["ignore", "inherit", "inherit"] });
};

function applyDiff(path: string, diff: string): void {
  const lines = diff.trimEnd().split("\n");
  const without = (sign: string) =>
    lines.filter((line) => !line.startsWith(sign)).map((line) => line.slice(1));
  const before = `\n${without("+").join("\n")}\n`;
  const parts = `\n${readFileSync(path, "utf8")}`.split(before);
  if (parts.length !== 2)
    throw new Error(`${GUIDE}: ${path} has these lines ${parts.length - 1} times:${before}`);
  writeFileSync(path, parts.join(`\n${without("-").join("\n")}\n`).slice(1));
}

function applyExamples(): string[] {
  const tests: string[] = [];
  for (const [, kind, target = "", text = ""] of readFileSync(join(ROOT, GUIDE), "utf8").matchAll(
    FENCE,
  )) {
    if (kind === "sh") {
      for (const command of text.trim().split("\n")) run("sh", "-c", command);
      continue;
    }
    const [found = target] = globSync(target, { cwd: copy });
    const path = join(copy, found);
    if (kind === "diff") {
      applyDiff(path, text);
    } else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      if (target.endsWith(".test.ts")) tests.push(target);
    }
  }
  return tests;
}

try {
  const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: ROOT });
  for (const file of files.toString().trim().split("\n"))
    cpSync(join(ROOT, file), join(copy, file), { recursive: true });
  for (const installed of ["node_modules", "src/client/node_modules"])
    symlinkSync(join(ROOT, installed), join(copy, installed));
  const tests = applyExamples();
  if (tests.length === 0) throw new Error(`${GUIDE} has no example.`);
  run("npx", "tsc");
  run("npx", "depcruise", "src", "--config", "rooms.config.mjs");
  // What compares columns, tables and methods with what is said of each.
  const complete = ["archive/format/columns", "several-objects"];
  run("npx", "vitest", "run", ...complete.map((name) => `test/account/${name}.test.ts`), ...tests);
} finally {
  rmSync(copy, { recursive: true, force: true });
}

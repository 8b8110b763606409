// `npm run docs:check [page…]` runs the console blocks of each page of README and docs in order, against a server of the
// page's own, and compares what is printed with what the page shows. Several pages are run side by side.
//
// In a page, `<!-- docs:check … -->` holds commands that make what the examples need: a reader does not see them. A block
// that begins with ```console unchecked: why is not run, and is counted. ```console with NAME=value, and `<!-- docs:check with
// NAME=value`, run against a second server that has these settings; with AUTH=keys it also has $ROOT_KEY. ```console at
// 2026-11-20T12:00:00Z sends that time with each curl, for replies that depend on the day. $FIXTURES holds files of other
// programs, and $STATE is the server's storage. It needs curl, jq and zcat.
//
// `--update` writes what was printed into the pages, but where the page leaves something out with "…".
//
// Of a reply, "…" stands for anything. Ids that Colloquy makes, times, durations, sizes and hashes are compared by their form.
import { execFile, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseArgs, promisify } from "node:util";

import { freshStorage, startServer } from "../test/journeys/server.ts";

const ROOT = join(import.meta.dirname, "..");
const LOCAL = /(?:http:\/\/)?localhost:8787/g;
/** Between the outputs of two commands. */
const MARK = "\u001e";
/** `curl` sends the block's time, and `npm run transfer` works outside of the project. */
const SHELL = `
curl() { command curl \${NOW:+-H "x-dev-now: $NOW"} "$@"; }
npm() {
  if [ "$1 $2" = "run transfer" ]; then node "${join(ROOT, "src/cli/main.ts")}" "\${@:4}" 2>&1; else command npm "$@"; fi
}`;
const SETTINGS = { AUTH: "open", MODEL: "local", DEV_CLOCK: "on" };
const ROOT_KEY = randomBytes(32).toString("base64url");

interface Example {
  command: string;
  /** What the page shows; null for a command that only prepares. */
  shown: string | null;
  line: number;
  /** Settings of its server, as NAME=value and spaces; "" for the page's first server. */
  settings: string;
  /** The time that curl sends: RFC 3339; "" for none. */
  at: string;
}

interface Page {
  examples: Example[];
  unchecked: { line: number; why: string }[];
}

/** The commands of a page in its order, and the blocks that are not run. */
function readPage(text: string): Page {
  const page: Page = { examples: [], unchecked: [] };
  const blocks =
    /^(?<indent> *)(?:```console(?: unchecked: (?<why>.*))?|<!-- docs:check)(?: at (?<at>\S+))?(?: with (?<settings>.*))?\n(?<lines>[^]*?)^\k<indent>(?:```|-->)$/gm;
  for (const block of text.matchAll(blocks)) {
    const { why, settings = "", at = "", indent = "", lines: indented = "" } = block.groups ?? {};
    const lines = indented.replaceAll(new RegExp(`^${indent}`, "gm"), "");
    const line = text.slice(0, block.index).split("\n").length;
    if (why !== undefined) page.unchecked.push({ line, why });
    else if (block[0].trimStart().startsWith("<!--"))
      page.examples.push({ command: lines.trim(), shown: null, line, settings, at });
    else page.examples.push(...readBlock(lines, line + 1, { settings, at }));
  }
  return page;
}

function readBlock(
  text: string,
  firstLine: number,
  where: Pick<Example, "settings" | "at">,
): Example[] {
  const examples: Example[] = [];
  for (const [index, line] of text.trimEnd().split("\n").entries()) {
    const last = examples.at(-1);
    if (line.startsWith("$ ")) {
      examples.push({ command: line.slice(2), shown: "", line: firstLine + index, ...where });
    } else if (last?.shown === "" && last.command.endsWith("\\")) {
      last.command += `\n${line}`;
    } else if (last) {
      last.shown += `${line}\n`;
    }
  }
  return examples;
}

/** Values that differ from run to run, by what stands for them. */
const FORMS: [RegExp, string][] = [
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "<time>"],
  [/\b\d{4}-\d\d-\d\d\b/g, "<day>"],
  [/\bsha256 [0-9a-f]{16}…/g, "sha256 <hash>"],
  [/\btransfer-(\w+)-\d{13}\b/g, "transfer-$1-<time>"],
  [/\b(session|backup|import|erasure|key|req)_[\w.-]+/g, "<$1>"],
  [/\b(call|resp|conv|msg|chatcmpl|fc|rs)_[a-z0-9]+(?:_\d+)?\b/g, "<$1>"],
  [/\b[0-9a-f]{40,64}\b/g, "<hash>"],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<uuid>"],
  [/"used":\d{5,}/g, '"used":<number>'],
  [/"(format|storage_bytes|key)":(?:\d+|"clq_[\w-]+(?:\.[\w-]+)*…?")/g, '"$1":<value>'],
  [/("(?:\w+_)?(?:ms|bytes|at|created|seconds|expires_in)":)-?\d+(?:\.\d+)?/g, "$1<number>"],
];

const inForm = (text: string): string =>
  FORMS.reduce(
    (so, [what, form]) => so.replaceAll(what, form),
    text.replaceAll("\r\n", "\n").trim(),
  );

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Whether a reply is what a page shows, but for what differs from run to run. */
function isAsShown(shown: string, printed: string): boolean {
  const pattern = inForm(shown).split("…").map(escaped).join("[^]*?");
  return new RegExp(`^${pattern}$`).test(inForm(printed));
}

/** Runs the commands in one shell, so that variables and files last. @returns what each printed */
async function run(
  examples: Example[],
  url: string,
  { directory, state }: { directory: string; state: string },
): Promise<string[]> {
  const host = new URL(url).host;
  const commands = examples.map(({ command, at }) => {
    const own = command.replaceAll(LOCAL, (found) => found.replace("localhost:8787", host));
    const now = at === "" ? "" : Date.parse(at);
    return `NOW=${now}\n${own}\nprintf '\\036'`;
  });
  const script = [SHELL, ...commands].join("\n");
  const ran = promisify(execFile)("bash", ["-c", script], {
    cwd: directory,
    encoding: "utf8",
    env: {
      ...process.env,
      BASE: url,
      B: url,
      URL: url,
      ROOT_KEY,
      COLLOQUY_URL: url,
      STATE: state,
      FIXTURES: join(ROOT, "test/fixtures"),
    },
    maxBuffer: 64 * 1024 * 1024,
  });
  ran.child.stdin?.end();
  // A shell that ended early printed less than is shown.
  const { stdout } = await ran.catch((error: { stdout: string }) => error);
  return stdout.replaceAll(host, "localhost:8787").split(MARK);
}

/** The development clock is for AUTH=open alone. */
function settingsOf(text: string): Record<string, string> {
  const given = Object.fromEntries(
    text.split(" ").flatMap((pair) => (pair === "" ? [] : [pair.split("=", 2)])),
  ) as Record<string, string>;
  const isLocked = given["AUTH"] === "keys";
  return { ...SETTINGS, ...(isLocked && { DEV_CLOCK: "off", ROOT_KEY }), ...given };
}

/** Writes a reply into a page, below its command. */
function writeReply(path: string, { command, shown }: Example, reply: string): void {
  const before = `$ ${command}\n${shown}`;
  const text = readFileSync(path, "utf8");
  writeFileSync(
    path,
    text.replace(before, () => `$ ${command}\n${reply.trim()}\n`),
  );
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { update: { type: "boolean", default: false } },
});
const paths =
  positionals.length > 0
    ? positionals
    : ["README.md", ...globSync("docs/**/*.md", { cwd: ROOT }).toSorted()];

const hasJq = spawnSync("jq", ["--version"]).status === 0;
if (!hasJq)
  console.error("jq is not installed (Debian: apt-get install jq): pages that use it SKIP");

/** What came of a page. */
interface Checked {
  passed: number;
  /** What differs, as it is told. */
  failures: string[];
  unchecked: string[];
}

async function check(path: string): Promise<Checked> {
  const page = readPage(readFileSync(join(ROOT, path), "utf8"));
  const checked: Checked = {
    passed: 0,
    failures: [],
    unchecked: page.unchecked.map(({ line, why }) => `${path}:${line} ${why}`),
  };
  if (page.examples.every(({ shown }) => shown === null)) return checked;
  if (!hasJq && page.examples.some(({ command }) => /\bjq\b/.test(command))) {
    checked.unchecked.push(`${path} needs jq`);
    return checked;
  }
  const directory = mkdtempSync(join(tmpdir(), "docs-check-"));
  for (const [settings, examples] of Map.groupBy(page.examples, (each) => each.settings)) {
    const storage = freshStorage();
    const server = await startServer(storage, settingsOf(settings));
    const printed = await run(examples, server.url, { directory, state: join(storage, "state") });
    await server.stop();
    for (const [index, { command, shown, line }] of examples.entries()) {
      if (shown === null) continue;
      const reply = printed[index] ?? "";
      if (isAsShown(shown, reply)) {
        checked.passed += 1;
        continue;
      }
      if (values.update && !shown.includes("…"))
        writeReply(join(ROOT, path), examples[index] as Example, reply);
      checked.failures.push(
        `${relative(ROOT, join(ROOT, path))}:${line}\n$ ${command}\n- ${shown.trim()}\n+ ${reply.trim()}\n`,
      );
    }
  }
  rmSync(directory, { recursive: true, force: true });
  return checked;
}

/** In the order of the pages, whichever is done first. */
const results: Checked[] = [];
const left = [...paths.entries()];
const lane = async (): Promise<void> => {
  for (let next = left.shift(); next; next = left.shift()) {
    const [index, path] = next;
    results[index] = await check(path);
  }
};
// While one waits for its server, others work.
await Promise.all(Array.from({ length: availableParallelism() + 1 }, lane));

const passed = results.reduce((sum, each) => sum + each.passed, 0);
const failures = results.flatMap((each) => each.failures);
const unchecked = results.flatMap((each) => each.unchecked);
for (const each of failures) console.log(each);
for (const each of unchecked) console.log(`not run: ${each}`);
console.log(
  `${passed} examples print what their pages show, ${failures.length} do not, ${unchecked.length} blocks are not run.`,
);
process.exit(failures.length === 0 ? 0 : 1);

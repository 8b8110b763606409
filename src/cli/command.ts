import { resolve } from "node:path";

import { connect } from "./client.ts";
import type { Client } from "./client.ts";
import { kindOf } from "./files/detect.ts";
import { USAGE, UsageError, readOptions } from "./options.ts";
import type { Options } from "./options.ts";
import { startProgress } from "./progress.ts";
import { isAllTaken, journalText, reportText, spansText } from "./report-text.ts";
import { sourceOf } from "./sources.ts";
import { undo } from "./undo.ts";
import { upload } from "./upload.ts";

/** All was taken; something failed; the command is wrong; some of it was not taken. */
const STATUS = { done: 0, failed: 1, usage: 64, partly: 2 } as const;

/** Runs the command line. @returns its exit status */
export async function transfer(argv: readonly string[]): Promise<number> {
  if (argv.length === 0 || argv.includes("--help")) {
    console.log(USAGE);
    return argv.length === 0 ? STATUS.usage : STATUS.done;
  }
  try {
    const options = readOptions(argv, process.env);
    const { source, where } = options;
    if (source === "undo") return await runUndo(options);
    if (source === "journal") return await runJournal(options);
    const found = source === "file" ? await kindOf(where) : source;
    return found === "opentelemetry" ? await runSpans(options) : await run(found, options);
  } catch (error) {
    console.error((error as Error).message);
    if (!(error instanceof UsageError)) return STATUS.failed;
    console.error("npm run transfer -- --help says what it takes.");
    return STATUS.usage;
  }
}

const toStderr = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function run(found: Parameters<typeof sourceOf>[0], options: Options): Promise<number> {
  const { source: name, dryRun, onConflict, resume, json, to } = options;
  const importId = resume ?? `transfer-${name}-${Date.now()}`;
  let say = toStderr;
  const client = clientOf(options, (text) => say(text));
  const source = await sourceOf(found, options);
  const where = dryRun ? "a dry run" : `import ${importId}`;
  say(`${shown(options.where)} → ${to.origin} (${where})`);
  let isBegun = resume !== undefined;
  const sayHow = () => {
    if (isBegun) sayResume(options, importId);
  };
  const interrupted = onInterrupt(sayHow);
  try {
    const progress = startProgress(
      { total: await source.total(), bytes: await source.bytes?.() },
      "conversations",
    );
    ({ say } = progress);
    const done = await upload(
      client,
      source,
      { dryRun, onConflict, importId, resume: resume !== undefined, source: sourceName(options) },
      {
        onFound: progress.update,
        onSent: () => {
          isBegun = !dryRun;
        },
      },
    ).finally(progress.stop);
    console.log(json ? JSON.stringify(done) : reportText(done, importId));
    return isAllTaken(done) ? STATUS.done : STATUS.partly;
  } catch (error) {
    sayHow();
    throw error;
  } finally {
    process.off("SIGINT", interrupted);
    await source.close();
  }
}

async function runJournal(options: Options): Promise<number> {
  const client = clientOf(options, (text) => console.error(text));
  const { uploadJournal } = await import("./journal/upload-journal.ts");
  const done = await uploadJournal(client, options.where, options);
  console.log(options.json ? JSON.stringify(done) : journalText(done));
  return done.errors.length === 0 ? STATUS.done : STATUS.partly;
}

async function runSpans(options: Options): Promise<number> {
  const client = clientOf(options, (text) => console.error(text));
  const { uploadSpans } = await import("./opentelemetry/upload-spans.ts");
  const done = await uploadSpans(client, options.where, options);
  console.log(options.json ? JSON.stringify(done) : spansText(done));
  return done.errors.length === 0 ? STATUS.done : STATUS.partly;
}

async function runUndo(options: Options): Promise<number> {
  const client = clientOf(options, (text) => console.error(text));
  const undone = await undo(client, options.where);
  console.log(
    options.json
      ? JSON.stringify(undone)
      : `undone: ${undone.sessions} sessions removed, ${undone.trimmed} left with what others wrote there; ${undone.turns} turns`,
  );
  for (const { session_id, code } of undone.kept) console.error(`${session_id}: kept, ${code}`);
  return undone.complete ? STATUS.done : STATUS.partly;
}

const clientOf = (options: Options, say: (text: string) => void): Client =>
  connect(options, (reason, ms) => say(`${reason} — waiting ${Math.ceil(ms / 1_000)} s`));

/** An address without its password. */
function shown(where: string): string {
  if (!URL.canParse(where)) return where;
  const url = new URL(where);
  if (url.password !== "") url.password = "***";
  return url.host === "" ? where : url.href;
}

/** Short enough to be kept with each piece. */
const sourceName = ({ source, where }: Options): string =>
  `${source} ${(URL.canParse(where) ? shown(where) : resolve(where)).slice(-200)}`;

function sayResume({ source, where }: Options, importId: string): void {
  console.error(
    `To go on where it ended, the same again with --resume: npm run transfer -- ${source} ${shown(where)} … --resume ${importId}`,
  );
}

/** An interruption loses nothing: acknowledged pieces stay. */
function onInterrupt(sayHow: () => void): () => void {
  const handler = () => {
    console.error("\nInterrupted.");
    sayHow();
    process.exit(130);
  };
  process.once("SIGINT", handler);
  return handler;
}

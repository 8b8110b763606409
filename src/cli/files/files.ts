import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";

import type { Found, Source } from "../source.ts";
import { assistants } from "./assistants.ts";
import { chatgpt, chatgptSizes } from "./chatgpt.ts";
import { claude, claudeSizes } from "./claude.ts";
import { botFramework } from "./bot-framework.ts";
import { codex } from "./codex.ts";
import { Copies } from "./copies.ts";
import type { Size } from "./copies.ts";
import { geminiCli } from "./gemini-cli.ts";
import { orProblem } from "../reading/outcomes.ts";
import { isMongoExport } from "./librechat-mongo.ts";
import { librechat } from "./librechat.ts";
import { ndjson } from "./ndjson.ts";
import { openai } from "./openai.ts";
import type { ReadOptions, Reader } from "../reading/reader.ts";

/** Reads each kind of file. */
const READERS = {
  chatgpt,
  claude,
  assistants,
  librechat,
  openai,
  "bot-framework": botFramework,
  codex,
  "gemini-cli": geminiCli,
  ndjson,
} satisfies Record<string, Reader>;

/** The options of a reader; `now` is the present by default. */
export type FileOptions = Omit<ReadOptions, "now"> & { now?: number };

export type FileKind = keyof typeof READERS;
export const FILE_KINDS = Object.keys(READERS) as FileKind[];

/** Sizes in exports whose numbered files overlap. */
const SIZES: Partial<Record<FileKind, (value: unknown) => Size[]>> = {
  chatgpt: chatgptSizes,
  claude: claudeSizes,
};

const DATA = /\.(json|jsonl|ndjson)(\.gz)?$/i;
/** The conversations of an export that has other files too; a great one is split, and numbered. */
const OF_EXPORT: Partial<Record<FileKind, RegExp>> = {
  chatgpt: /^conversations(-\d+)?\.json(\.gz)?$/i,
  claude: /^conversations(-\d+)?\.json(\.gz)?$/i,
};

/** Names of the files of programs that keep a file for each session, in folders of folders. */
const OF_SESSION: Partial<Record<FileKind, RegExp>> = {
  codex: /(^|\/)rollout-[^/]*\.jsonl(\.gz)?$/,
  "gemini-cli": /(^|\/)session-[^/]*\.jsonl?(\.gz)?$/,
};

/**
 * The conversations of a file, or of a directory's files in the order of their names. In a directory, a file that
 * breaks off is a problem, and the others are read; one that was named by itself throws, after all that was whole.
 */
export function filesSource(kind: FileKind, path: string, given: FileOptions = {}): Source {
  let bytesRead = 0;
  const onBytes = (bytes: number): void => {
    bytesRead += bytes;
  };
  const options = { now: Date.now(), onBytes, ...given };
  return {
    // Only a whole reading would tell.
    total: () => Promise.resolve(null),
    bytes: async () => ({ total: await sizeOf(path), read: () => bytesRead }),
    read: (after) => read(kind, path, options, after),
    close: () => Promise.resolve(),
  };
}

async function* read(
  kind: FileKind,
  path: string,
  options: ReadOptions,
  after: string | null,
): AsyncGenerator<Found> {
  const last = after === null ? null : placeOf(after);
  const files = await filesOf(kind, path);
  const sizesIn = SIZES[kind];
  const reading: ReadOptions =
    sizesIn && files.length > 1
      ? { ...options, copies: await Copies.find(files, sizesIn) }
      : options;
  let isPassed = last === null;
  for (const [file, each] of files.entries()) {
    if (last && file < last.file) continue;
    const begins = last?.file === file ? last : { entry: 0, outcome: -1 };
    let entry = 0;
    try {
      for await (const { from, read: outcomes } of READERS[kind](each, reading)) {
        if (entry >= begins.entry) {
          const first = entry === begins.entry ? begins.outcome + 1 : 0;
          isPassed = true;
          for (const [at, outcome] of orProblem(outcomes).entries()) {
            if (at >= first) yield { from, position: `${file}/${entry}/${at}`, ...outcome };
          }
        }
        entry += 1;
      }
    } catch (error) {
      if (files.length === 1) throw error;
      const position = `${file}/${entry}/0`;
      if (position === after) continue;
      yield { from: basename(each), position, problem: (error as Error).message };
    }
  }
  if (!isPassed)
    throw new Error(`${path}: ends before the place to go on after: it is another file.`);
}

function placeOf(position: string): { file: number; entry: number; outcome: number } {
  const [file, entry, outcome] = /^\d+\/\d+\/\d+$/.test(position)
    ? position.split("/").map(Number)
    : [];
  if (file === undefined || entry === undefined || outcome === undefined)
    throw new Error(`${position}: is no position of a file`);
  return { file, entry, outcome };
}

async function filesOf(kind: FileKind, path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  // An activity a file: only all of them together are conversations.
  if (kind === "bot-framework") return [path];
  const nested = OF_SESSION[kind];
  const all = await readdir(path, { recursive: nested !== undefined });
  const names = all.filter((name) => (nested ?? OF_EXPORT[kind] ?? DATA).test(name));
  if (kind === "librechat" && isMongoExport(names)) return [path];
  if (names.length === 0) throw new Error(`${path}: has no file of conversations in it`);
  // By code units, not by what language the machine speaks: a position counts them.
  return names.toSorted((a, b) => (a < b ? -1 : 1)).map((name) => join(path, name));
}

/** The size of a file, or of all files of a directory. */
async function sizeOf(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.size;
  const names = await readdir(path, { recursive: true });
  const files = await Promise.all(names.map((name) => stat(join(path, name))));
  return files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
}

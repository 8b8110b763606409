import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { fieldsIn, listIn, textIn } from "../reading/fields.ts";
import type { Fields } from "../reading/fields.ts";
import { isResponseItem } from "../shapes/response-item.ts";
import { isOtlp } from "../opentelemetry/spans.ts";
import { isActivity } from "./bot-framework.ts";
import { isMongoExport } from "./librechat-mongo.ts";
import { isCodex } from "./codex.ts";
import { isGeminiCli } from "./gemini-cli.ts";
import { jsonValues } from "./json-values.ts";
import type { FileKind } from "./files.ts";

/** How a SQLite file begins. Source: sqlite.org/fileformat.html */
const SQLITE = Buffer.from("SQLite format 3\0");
const EXPORT =
  /^conversations(-\d+)?\.json(\.gz)?$|(^|\/)rollout-[^/]*\.jsonl(\.gz)?$|(^|\/)session-[^/]*\.jsonl(\.gz)?$/i;
const DATA = /\.(json|jsonl|ndjson)(\.gz)?$/i;

/** A kind of file, or of something that is read otherwise. */
export type FoundKind = FileKind | "sqlite" | "opentelemetry";

/**
 * Finds the kind of a file or a directory by its content.
 *
 * @throws Error where that cannot be seen, naming what was found
 */
export async function kindOf(path: string): Promise<FoundKind> {
  const file = await firstFile(path);
  if (file === null) return "librechat";
  if (await isSqlite(file)) return "sqlite";
  for await (const { parse } of jsonValues(file)) {
    const first = parse();
    const kind = kindOfValue(first);
    if (kind !== null) return kind;
    const names = Object.keys(fieldsIn(first)).slice(0, 12).join(", ");
    throw new Error(
      `${file}: is of no kind that is known${names === "" ? "" : `; it has the fields ${names}`}. Name the kind: npm run transfer -- --help lists them.`,
    );
  }
  throw new Error(`${file}: has nothing in it.`);
}

/** @returns null for a directory with LibreChat's two collections */
async function firstFile(path: string): Promise<string | null> {
  if (!(await stat(path)).isDirectory()) return path;
  const names = (await readdir(path, { recursive: true })).toSorted();
  if (isMongoExport(names)) return null;
  const name = names.find((each) => EXPORT.test(each)) ?? names.find((each) => DATA.test(each));
  if (name === undefined) throw new Error(`${path}: has no file of conversations in it`);
  return join(path, name);
}

async function isSqlite(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(SQLITE.length), 0, SQLITE.length, 0);
    return buffer.equals(SQLITE);
  } finally {
    await file.close();
  }
}

/** Finds the kind of a file by its first value; null for an unknown one. */
function kindOfValue(value: unknown): FoundKind | null {
  // A line may be the array of a conversation's messages.
  if (Array.isArray(value)) return isMessage(fieldsIn(value[0])) ? "openai" : null;
  const fields = fieldsIn(value);
  const has = (...names: string[]): boolean => names.every((name) => fields[name] !== undefined);
  if (isOtlp(fields)) return "opentelemetry";
  if (isCodex(fields)) return "codex";
  if (isGeminiCli(fields)) return "gemini-cli";
  if (isActivity(fields) || isActivity(fieldsIn(listIn(fields["items"])[0])))
    return "bot-framework";
  if (has("mapping") || Array.isArray(fields["conversations"])) return "chatgpt";
  if (has("chat_messages")) return "claude";
  if (has("conversationId") && (has("messages") || has("messagesTree"))) return "librechat";
  if (has("type", "format", "session_id")) return "ndjson";
  const object = textIn(fields["object"]) ?? "";
  const isList = object === "list" && Array.isArray(fields["data"]);
  const listed = isList ? fieldsIn((fields["data"] as unknown[])[0]) : fields;
  if (
    textIn(listed["object"])?.startsWith("thread") ||
    has("thread_id", "role") ||
    has("thread", "messages") ||
    has("threads")
  )
    return "assistants";
  return isMessage(fields) || has("messages") || has("items") || has("input") ? "openai" : null;
}

const isMessage = (fields: Fields): boolean =>
  textIn(fields["role"]) !== undefined || isResponseItem(fields);

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished } from "vitest";

import { sessionLine, turnLine } from "../../../src/archive/format.ts";
import type { TurnLine } from "../../../src/archive/format.ts";
import { filesSource } from "../../../src/transfer/files/files.ts";
import type { FileKind } from "../../../src/transfer/files/files.ts";
import type { FileOptions } from "../../../src/transfer/files/reader.ts";
import type { Conversation, Found } from "../../../src/transfer/source.ts";

/** What an export has in the fixtures. */
export const fixture = (name: string): string =>
  join(import.meta.dirname, "../../fixtures/exports", name);

/** A directory of its own for a test, which it does not outlive. */
export async function freshDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "transfer-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A file of its own for a test. */
export async function saved(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await freshDirectory(), name);
  await writeFile(path, content);
  return path;
}

/** All that a source has; every line of it has to be one of the format. */
export async function allOf(
  kind: FileKind,
  path: string,
  options: FileOptions = {},
  after: string | null = null,
): Promise<Found[]> {
  const all: Found[] = [];
  for await (const found of filesSource(kind, path, options).read(after)) {
    all.push(found);
    if ("problem" in found) continue;
    const { session, turns } = found.conversation;
    sessionLine.parse(session);
    for (const turn of turns) turnLine.parse(turn);
    // JSON is all that is sent.
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  }
  return all;
}

export async function conversationsOf(
  kind: FileKind,
  path: string,
  options: FileOptions = {},
): Promise<Conversation[]> {
  return (await allOf(kind, path, options)).map((found) => {
    if ("problem" in found) throw new Error(`${found.from}: ${found.problem}`);
    return found.conversation;
  });
}

/** Every item of a conversation's turns, `>` before what was asked, `<` before what was answered. */
export const spoken = (turns: readonly TurnLine[]): string[] =>
  turns.flatMap(({ input, output }) => [
    ...[input].flat().map((item) => `> ${told(item)}`),
    ...[output ?? []].flat().map((item) => `< ${told(item)}`),
  ]);

function told(item: TurnLine["input"][number]): string {
  if (typeof item === "string") return item;
  if (item.type === "function_call") return `${item.name}(${item.arguments})`;
  if (item.type === "function_call_output") return `= ${item.output}`;
  const { role, content } = item;
  return `${role}: ${typeof content === "string" ? content : JSON.stringify(content)}`;
}

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { onTestFinished } from "vitest";

import { filesSource } from "../../../src/cli/files/files.ts";
import type { FileKind, FileOptions } from "../../../src/cli/files/files.ts";
import type { Conversation, Found } from "../../../src/cli/source.ts";
import { readAll } from "../../support/found.ts";

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

export const allOf = (
  kind: FileKind,
  path: string,
  options: FileOptions = {},
  after: string | null = null,
): Promise<Found[]> => readAll(filesSource(kind, path, options), after);

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

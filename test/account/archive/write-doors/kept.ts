import { runInDurableObject } from "cloudflare:test";

import { accountRpc } from "../../../../src/account/account-client.ts";
import type { Result } from "../../../../src/shared/errors.ts";
import { Turns } from "../../../../src/account/store/turns/turns.ts";
import { Database } from "../../../../src/sqlite/database.ts";
import { settledView } from "../../../../src/shared/turn.ts";
import type { Client } from "../../../support/client.ts";

export const granted = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new Error(`${result.error.code}: ${result.error.message}`);
};

/** All that the account exports; when a session was last accessed changes with its restore. */
export async function exported(client: Client): Promise<string[]> {
  const reply = await client.fetch("GET", "/export");
  const all = Buffer.from(await reply.arrayBuffer()).toString();
  return all
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.replace(/"accessed_at":"[^"]*",/, ""));
}

/** The live turns as SQLite has them, one a line: an export would bring them into bounds, and restore the same. */
export function storedTurns(client: Client): Promise<string[]> {
  return runInDurableObject(client.object, (_, { storage }) => {
    const db = new Database(storage);
    const turns = new Turns(db);
    const keys = db.all<{ key: number }>("select key from sessions order by key");
    return keys.flatMap(({ key }) =>
      turns.list(key, { order: "asc", limit: -1 }).map((stored) => {
        // A turn whose lease has run out is shown, and archived, as abandoned.
        const { extra, ...turn } = settledView(stored, Date.now());
        const { lease: _lease, ...lasting } = extra;
        return canonical({ ...turn, extra: lasting });
      }),
    );
  });
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_name, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(
          Object.entries(each).toSorted(([one], [other]) => (one < other ? -1 : 1)),
        )
      : each,
  );

/** The first line that differs, from shortly before where it does. */
export function difference(before: readonly string[], after: readonly string[]): string[] | null {
  const at = before.findIndex((line, n) => line !== after[n]);
  if (at < 0) return before.length === after.length ? null : [`${after.length} lines`];
  const [one = "", other = ""] = [before[at], after[at]];
  let place = 0;
  while (one[place] === other[place]) place += 1;
  return [one, other].map((line) => line.slice(Math.max(0, place - 60), place + 120));
}

/** Ids of sessions in an export; the journal is restored by reading it. */
export const sessionIds = (all: readonly string[]): string[] =>
  all.flatMap((line) => {
    const { type, session_id } = JSON.parse(line) as { type: string; session_id: string };
    return type === "session" && !session_id.includes("/") ? [session_id] : [];
  });

/** Turns whose values were brought into bounds on their way to the export: a door took what is not stored. */
export const repairedLines = (all: readonly string[]): string[] =>
  all.filter((line) => {
    const { extra } = JSON.parse(line) as { extra?: { original?: Record<string, string> } };
    const paths = Object.keys(extra?.original ?? {});
    return paths.some((path) =>
      /^(created_at|duration_ms|model|\w+_tokens|shown|extra\..*)$/.test(path),
    );
  });

/** Lists and histories that the account is looked at by. @returns those that do not answer 200 */
export async function unreadable(client: Client, ids: readonly string[]): Promise<string[]> {
  const lists = ["/sessions", "/calls", "/storage-stats", "/search?q=hi", "/analytics"];
  const paths = [
    ...lists,
    "/v1/conversations",
    "/v1/chat/completions",
    ...ids.flatMap((id) => [
      `/sessions/${encodeURIComponent(id)}/messages`,
      `/calls?session_id=${encodeURIComponent(id)}&limit=100`,
    ]),
  ];
  const bad: string[] = [];
  for (const path of paths) {
    const reply = await client.fetch("GET", path);
    const said = await reply.text();
    if (reply.status !== 200) bad.push(`${path}: ${reply.status} ${said.slice(0, 300)}`);
  }
  return bad;
}

export async function backUp(client: Client, backup_id: string) {
  const { backups } = accountRpc(client.object);
  const request = { backup_id, session_ids: null, reason: "request" } as const;
  granted(await backups.begin(null, request, Date.now()));
  while (!granted(await backups.step(null, backup_id, Date.now())));
  return (await client.get(`/backups/${backup_id}`)).body;
}

/** @returns the sessions that the restore did not take */
export async function restoreBackup(
  client: Client,
  backupId: string,
  on_conflict: "fail" | "replace",
) {
  const { backups } = accountRpc(client.object);
  const options = { dry_run: false, session_ids: null, on_conflict };
  for (;;) {
    const report = granted(await backups.stepRestore(null, backupId, options));
    if (report.complete) return report;
  }
}

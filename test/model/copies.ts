import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import * as fc from "fast-check";

import { archivePrefix } from "../../src/account/archive/format/keys.ts";
import type { Result } from "../../src/shared/errors.ts";
import { MAX_TIME_MS, isoTime } from "../../src/shared/time.ts";
import { Client } from "../support/client.ts";
import { codeOf, granted, oneOf, same } from "./account.ts";
import type { Account, Attempt } from "./account.ts";
import { command } from "./command.ts";
import type { Share } from "./command.ts";
import type { AccountRpc } from "../../src/account/rpc/facets.ts";
import { begunAt, keptTurn } from "./model.ts";
import type { Kept } from "./model.ts";
import { untilIndexed } from "./reading.ts";

const MINUTE = 60_000;
/** Each is written anew when a session in it is erased. */
const MOST_BACKUPS = 2;

/** Backs everything up. @returns its id */
async function backUp(account: Account, object: AccountRpc, attempt: Attempt, now: number) {
  const backup_id = `backup_${now}_m`;
  const request = { backup_id, session_ids: null, reason: "request" } as const;
  granted("a backup", await attempt(() => object.backups.begin(null, request, now)));
  for (let complete = false; !complete;)
    complete = granted(
      "a backup's step",
      await attempt(() => object.backups.step(null, backup_id, now)),
    );
  account.calm();
  account.model.backup(backup_id, now);
  const { backup } = granted("the backup", await object.backups.get(null, backup_id));
  // What R2 held wrongly at that moment is named, and is not in it.
  for (const [id] of JSON.parse(backup.skipped) as [string, string][])
    account.model.backups.get(backup_id)?.sessions.delete(id);
  return backup_id;
}

const backup = command("backup", {}, async ({ now }, account, { fault }) => {
  const { model } = account;
  await account.inside(fault, async (object, attempt) => {
    const backupId = await backUp(account, object, attempt, now);
    const { backup: row } = granted("the backup", await object.backups.get(null, backupId));
    if (fault === null) same("sessions that a backup skipped", row.skipped, "[]");
    same("sessions in a backup", row.sessions, model.backups.get(backupId)?.sessions.size);
    const [oldest] = model.backups.keys();
    if (oldest === undefined || model.backups.size <= MOST_BACKUPS) return;
    const deleted = await object.backups.delete(null, oldest);
    if (deleted.ok) model.backups.delete(oldest);
    else oneOf("to delete a backup", deleted, ["account_held", "session_held"]);
  });
});

/**
 * R2 gives other bytes only for a while here. A session that was left alone for that is asked for again; the place of another
 * was taken by its copy.
 */
const untilReadable = <T extends { skipped: { damaged: number } }>(step: Result<T>): Result<T> =>
  step.ok && step.value.skipped.damaged > 0
    ? { ok: false, error: { code: "archive_corrupt", message: "an archive is damaged" } }
    : step;

interface Restoring {
  id: string;
  onConflict: "skip" | "replace";
  /** A step may fail, and is asked for again. */
  isAgain: boolean;
  /** No archive can be read. */
  isDamaged?: boolean;
}

/** Restores a backup, and checks that each session became what it had to. */
async function restore(
  account: Account,
  object: AccountRpc,
  attempt: Attempt,
  { id, onConflict, isAgain, isDamaged = false }: Restoring,
): Promise<void> {
  const { model } = account;
  const expected = {
    restored: 0,
    replaced: 0,
    repaired: 0,
    unchanged: 0,
    exists: 0,
    erased: 0,
    held: 0,
    busy: 0,
    facts_full: 0,
    damaged: 0,
  };
  const archived = new Map<string, Kept>();
  const at = model.backups.get(id)?.at ?? 0;
  for (const [sessionId, kept] of model.backups.get(id)?.sessions ?? []) {
    const done = model.restore(sessionId, kept, { onConflict, isDamaged, at });
    expected[done] += 1;
    if (done === "unchanged" && model.get(sessionId).archived_at !== null)
      archived.set(sessionId, kept);
  }
  const options = { dry_run: false, session_ids: null, on_conflict: onConflict };
  for (;;) {
    const step = await attempt(async () =>
      untilReadable(await object.backups.stepRestore(null, id, options)),
    );
    const { complete, restored, replaced, repaired, unchanged, skipped } = granted(
      "a restore",
      step,
    );
    if (!complete) continue;
    const done = { restored, replaced, repaired, unchanged, ...skipped };
    // One that failed in the middle finds what it had done already.
    if (!isAgain) return same("a restore", done, expected);
    account.calm();
    for (const [sessionId, kept] of archived) {
      const { status } = granted(sessionId, await object.sessions.get(null, sessionId));
      // It is as it was, and was taken for damaged.
      if (status === "live") model.takeCopy(sessionId, kept, at);
    }
    return;
  }
}

const restoreBackup = command<{ pick: number; onConflict: "skip" | "replace" }>(
  "restore a backup",
  { pick: fc.nat(5), onConflict: fc.constantFrom("skip", "replace") },
  async ({ now }, account, { fault, pick, onConflict }) => {
    const ids = [...account.model.backups.keys()];
    const id = ids[pick % ids.length];
    if (id === undefined) return;
    await account.inside(fault, async (object, attempt) => {
      await restore(account, object, attempt, { id, onConflict, isAgain: fault !== null });
      // Twice is once.
      await restore(account, object, attempt, { id, onConflict, isAgain: fault !== null });
      for (const each of account.model.sessions.keys()) await account.look(object, each, now);
    });
  },
);

/** What the account's archives hold is lost, but for what a backup has of it. */
const repair = command<{ pick: number }>(
  "restore over damaged archives",
  { pick: fc.nat(5) },
  async ({ now }, account, { pick }) => {
    const ids = [...account.model.backups.keys()];
    const id = ids[pick % ids.length];
    if (id === undefined) return;
    const { objects } = await env.ARCHIVE.list({ prefix: archivePrefix(account.name) });
    const whole = new Map<string, ArrayBuffer>();
    for (const { key } of objects) {
      whole.set(key, await (await env.ARCHIVE.get(key))!.arrayBuffer());
      await env.ARCHIVE.put(key, "damaged");
    }
    try {
      await account.inside(null, async (object, attempt) => {
        const restoring = { id, onConflict: "replace", isAgain: false, isDamaged: true } as const;
        await restore(account, object, attempt, restoring);
        for (const each of account.model.sessions.keys()) await account.look(object, each, now);
      });
    } finally {
      // The others cannot be read in the meantime.
      for (const [key, bytes] of whole)
        if ((await env.ARCHIVE.head(key)) !== null) await env.ARCHIVE.put(key, bytes);
    }
  },
);

const deleteBackup = command<{ pick: number }>(
  "delete a backup",
  { pick: fc.nat(5) },
  async (_world, account, { fault, pick }) => {
    const { model } = account;
    const ids = [...model.backups.keys()];
    const id = ids[pick % ids.length];
    if (id === undefined) return;
    await account.inside(fault, async (object, attempt) => {
      const deleted = await attempt(() => object.backups.delete(null, id));
      if (model.held) return same("to delete a backup", codeOf(deleted), "account_held");
      const mayHold = [...model.sessions.values()].some(({ hold }) => hold !== null);
      if (mayHold && codeOf(deleted) === "session_held") return;
      if (fault === null || codeOf(deleted) !== "backup_not_found")
        granted("to delete a backup", deleted);
      model.backups.delete(id);
    });
  },
);

/** Everything but R2 is lost, and comes back from there: archives, and a backup of that moment. */
const wipe = command("wipe and restore", {}, async ({ now }, account) => {
  const { model } = account;
  // What failed before is finished by then, as a manifest that could not be written anew.
  await runDurableObjectAlarm(account.object);
  // What is pinned or held after it was archived is in SQLite alone, and no content of a session.
  for (const id of model.sessions.keys())
    granted("to patch", await account.rpc.sessions.patch(null, id, { pinned: false, hold: null }));
  for (const session of model.sessions.values())
    Object.assign(session, { pinned: false, hold: null });
  const id = await account.inside(null, (object, attempt) => backUp(account, object, attempt, now));
  await runInDurableObject(account.object, (_, { storage }) => storage.deleteAll());
  await account.evict();
  model.wipe();
  await account.inside(null, async (object, attempt) => {
    const report = granted("to reindex", await object.archives.reindex());
    same("what could not be reindexed", report.errors, []);
    await untilIndexed(object);
    // Copies that are older than the backup may be in R2 still, with holds of their time.
    const { data } = granted(
      "sessions",
      await object.sessions.list(null, {}, { limit: 100, order: "asc" }),
    );
    for (const { session_id } of data)
      granted(
        "to patch",
        await object.sessions.patch(null, session_id, { pinned: false, hold: null }),
      );
    const options = { dry_run: false, session_ids: null, on_conflict: "replace" } as const;
    for (let complete = false; !complete;)
      ({ complete } = granted(
        "to restore",
        await attempt(() => object.backups.stepRestore(null, id, options)),
      ));
    for (const [sessionId, kept] of model.sessions) {
      const { status, last_accessed_at } = granted(
        sessionId,
        await object.sessions.get(null, sessionId),
      );
      // It is wherever its newest copy was.
      kept.archived_at = status === "live" ? null : (kept.archived_at ?? now);
      kept.accessed_at = last_accessed_at;
      await account.look(object, sessionId, now, true);
    }
  });
});

/** The first and the last times that are stored, and those that there are. */
type Time = "usual" | "first" | "last";
const importId = fc.constantFrom("i0", "i1", "i2");

/** Sessions from outside, in the lines of docs/format.md. The same import twice is once. */
const bring = command<{ import_id: string; turns: number; ids: string[]; when: Time }>(
  "import",
  {
    when: fc.constantFrom("usual", "usual", "first", "last"),
    import_id: importId,
    turns: fc.integer({ min: 1, max: 3 }),
    ids: fc.subarray(["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"], {
      minLength: 1,
      maxLength: 3,
    }),
  },
  async ({ now }, account, { fault, import_id, turns, ids, when }) => {
    const { model } = account;
    const client = new Client({}, account.name);
    const at = { usual: now - turns * MINUTE, first: 0, last: MAX_TIME_MS - turns * MINUTE }[when];
    // A session was accessed no earlier than its last turn.
    const accessed_at = Math.max(when === "first" ? 0 : now, at + (turns - 1) * MINUTE);
    const head = {
      type: "session",
      format: 6,
      turns,
      created_at: isoTime(at),
      accessed_at: isoTime(when === "first" ? 0 : now),
    };
    const lines = ids.flatMap((session_id) => [
      { ...head, session_id, metadata: { from: import_id } },
      ...Array.from({ length: turns }, (_, index) => ({
        type: "turn",
        created_at: isoTime(at + index * MINUTE),
        input: `alpha imported ${index}`,
        output: `bravo ${session_id}`,
      })),
    ]);
    const body = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
    const path = `/import?mode=skip_bad&on_conflict=skip&import_id=${import_id}`;
    const send = () => client.post(path, { at: now, body });
    const first = await account.withFault(fault, send);
    const sent = first.status >= 500 && fault !== null ? await send() : first;
    const known = model.imports.get(import_id);
    // One that is complete may come again, and takes nothing more.
    const isRefused = known && (known.undoing || known.lines < lines.length);
    const code = sent.status === 200 ? "ok" : sent.body.code;
    same("an import", code, isRefused ? "import_mismatch" : "ok");
    if (known) return;
    model.imports.set(import_id, { lines: lines.length, undoing: false });
    await account.inside(null, async (object) => {
      for (const session_id of ids) {
        if (model.sessions.has(session_id) || model.erased.has(session_id)) continue;
        const page = await object.sessions.turns(
          null,
          session_id,
          { limit: 100, order: "asc" },
          now,
        );
        const came = granted("an imported session", page).data.map(keptTurn);
        const said = came.map(({ seq, status, input, output }) => [seq, status, input, output]);
        const should = Array.from({ length: turns }, (_, index) => [
          index + 1,
          "completed",
          `alpha imported ${index}`,
          `bravo ${session_id}`,
        ]);
        same(`what was imported of ${session_id}`, said, should);
        const session: Kept = {
          ...begunAt(at),
          turns: came,
          metadata: { from: import_id },
          accessed_at,
          brought: { by: import_id, turns },
        };
        model.sessions.set(session_id, session);
        await account.look(object, session_id, now);
      }
    });
  },
);

const undo = command<{ import_id: string }>(
  "undo an import",
  { import_id: importId },
  async ({ now }, account, { fault, import_id }) => {
    const { model } = account;
    const client = new Client({}, account.name);
    const send = () => client.call("DELETE", `/imports/${import_id}`, { at: now });
    const first = await account.withFault(fault, send);
    const done = first.status >= 500 && fault !== null ? await send() : first;
    if (model.held) return same("to undo", done.body.code, "account_held");
    if (!model.imports.has(import_id)) return same("to undo", done.body.code, "import_not_found");
    const complete = model.undo(import_id, now);
    if (fault === null || done.status === 200)
      same("whether all was undone", done.body.complete, complete);
    await account.inside(null, async (object) => {
      for (const id of model.sessions.keys()) await account.look(object, id, now);
    });
  },
);

export const copies: Share[] = [
  [4, backup],
  [4, restoreBackup],
  [2, repair],
  [2, deleteBackup],
  [1, wipe],
  [4, bring],
  [3, undo],
];

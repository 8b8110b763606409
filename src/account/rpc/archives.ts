import { withSpan } from "../../observe/spans.ts";
import { serveRpc } from "../../rpc/serve.ts";
import { ApiError } from "../../shared/errors.ts";
import type { ErrorCode } from "../../shared/errors.ts";
import { RETRY_MS } from "../account.ts";
import type { SessionRecord } from "../archive/format/record.ts";
import { NOTHING_MAINTAINED, maintain } from "../archive/upkeep/maintain.ts";
import { reindex } from "../archive/upkeep/reindex.ts";
import { reportDue, sweep } from "../archive/upkeep/sweep.ts";
import type { SweepRequest } from "../archive/upkeep/sweep.ts";
import { NOTHING_COMPARED, compareStep } from "../calls/compare.ts";
import { readWhereItLies } from "../store/archive/read-where-it-lies.ts";
import { writeValue } from "../store/account/account-values.ts";
import { compactFile } from "../store/account/file-compaction.ts";
import { mayReach } from "../store/sessions/session-access.ts";
import { findSession } from "../store/sessions/sessions.ts";
import { rollUp } from "../store/usage/roll-up.ts";
import { dropOldMessages } from "../store/whatsapp/upkeep.ts";
import { COMPARE_BATCH_SIZE } from "./call-migration.ts";
import { defineFacet, user, wholeAccount, worker } from "./facet.ts";

/** The most bytes that one RPC carries of an archive. */
const RPC_BYTES = 24 * 1024 * 1024;

/** A state crosses RPC as JSON: RPC loses some names of objects. */
export type ArchivedSession = Omit<SessionRecord, "state"> & { state_json: string };

export interface RestoredSession {
  session_id: string;
  /** False when the session was live already, or could not be restored. */
  restored: boolean;
  turns: number;
  /** Why it could not be restored. */
  code: ErrorCode | null;
}

/** Sessions between SQLite and R2, and the upkeep of what lies in R2. */
export const archivesFacet = defineFacet({
  get: user.serves(async ({ services }, caller, sessionId: string): Promise<ArchivedSession> => {
    const { db, archivist } = services;
    return readWhereItLies(db, findSession(db, sessionId)?.key ?? null, async () => {
      const session = findSession(db, sessionId);
      if (!session || !mayReach(db, caller, session.key) || session.segment === null)
        throw new ApiError("archive_not_found", "There is no archive of a session with this id.");
      const { state, ...record } = await archivist.readWhole(session, RPC_BYTES);
      return { ...record, state_json: JSON.stringify(state ?? {}) };
    });
  }),

  /** @returns how many turns came back, null when the session is live already */
  restore: wholeAccount.serves((account, _caller, sessionId: string, now: number) =>
    account.restore(sessionId, now),
  ),

  /** Restores several sessions. One that fails leaves the others alone. */
  restoreMany: wholeAccount.serves(
    async (account, _caller, sessionIds: string[], now: number): Promise<RestoredSession[]> => {
      const results: RestoredSession[] = [];
      for (const session_id of new Set(sessionIds)) {
        const result = await serveRpc("archives.restore", () => account.restore(session_id, now));
        results.push(
          result.ok
            ? { session_id, restored: result.value !== null, turns: result.value ?? 0, code: null }
            : { session_id, restored: false, turns: 0, code: result.error.code },
        );
      }
      return results;
    },
  ),

  /** Archives a session now, due or not, under a legal hold or not. */
  archive: wholeAccount.serves((account, caller, sessionId: string, now: number) =>
    account.archiving.run(async () => {
      const { archivist, outbox } = account.services;
      const session = account.find(caller, sessionId);
      if (session.segment === null) {
        await account.wakeWithin(RETRY_MS);
        const about = { "gen_ai.conversation.id": sessionId };
        await withSpan("colloquy.archive", about, () => archivist.archiveNow(session, now));
        outbox.idleChanged();
      }
      return account.view(caller, sessionId);
    }),
  ),

  /** Counts what a sweep would archive and delete. Changes nothing. */
  due: wholeAccount.serves(({ services }, _caller, now: number, olderThanMs: number | null) =>
    reportDue(services, now, olderThanMs),
  ),

  /** One batch of a retention pass. */
  sweep: wholeAccount.serves((account, _caller, request: SweepRequest) =>
    account.archiving.run(async () => {
      if (request.after === 0) await account.clean();
      // Read here: an erasure that ran before has replaced them.
      const { services } = account;
      services.quotas.keep(Date.now());
      await rollUp(services.db, request.now);
      if (request.after === 0) await services.counters.load();
      return withSpan(
        "colloquy.sweep",
        {},
        () => sweep(services, request),
        ({ archived, errors, bytes }) => ({
          "colloquy.sessions": archived,
          "colloquy.errors": errors,
          "colloquy.bytes": bytes,
        }),
      );
    }),
  ),

  /** One step of the archives' maintenance. */
  maintain: worker.serves((account, now: number) =>
    account.archiving.run(async () => {
      const { services, isErasing } = account;
      const { db, outbox } = services;
      const done = isErasing ? NOTHING_MAINTAINED : await maintain(services, now);
      db.transaction(() => dropOldMessages(db, now));
      const calls = isErasing
        ? NOTHING_COMPARED
        : await compareStep(services, COMPARE_BATCH_SIZE, now);
      await account.clean();
      // Calls that are written meanwhile begin the comparison again: what else is to be done does not wait for its end.
      if (!done.more) outbox.idleChanged();
      return { ...done, calls };
    }),
  ),

  /** Encrypts with a new key from now on. The maintenance rewrites what lies under older keys. */
  rotateKey: worker.serves((account, now: number) =>
    account.archiving.run(async () => {
      const { keyring, db, outbox } = account.services;
      account.checkNotErasing();
      if (!keyring.isOn)
        throw new ApiError(
          "invalid_request",
          "Archives are not encrypted in this deployment. Set ARCHIVE_KEY first.",
        );
      const key_id = await keyring.rotate(now);
      writeValue(db, "maintain_soon", true);
      outbox.idleChanged();
      return { key_id };
    }),
  ),

  /** Indexes objects in R2 that the account does not know, and begins to put their words into the search index. */
  reindex: worker.serves((account) =>
    account.archiving.run(async () => {
      account.checkNotErasing();
      await account.wakeWithin(RETRY_MS);
      const { services } = account;
      const report = await reindex(services);
      await account.clean();
      services.outbox.idleChanged();
      const { archiveIndexing } = account;
      // Whether the account has searched was lost with the rest.
      if (report.segments > 0 || archiveIndexing.isDue) await archiveIndexing.begin(0);
      return { ...report, indexing: archiveIndexing.isDue };
    }),
  ),

  /** Rewrites SQLite's file, so that no byte of erased rows is left. @returns its size in bytes */
  compactFile: worker.serves((account) =>
    account.archiving.run(async () => {
      account.checkNotErasing();
      const { db, room } = account.services;
      room.checkCopy();
      await compactFile(db, () => account.ctx.storage.sync());
      return db.sizeBytes;
    }),
  ),
});

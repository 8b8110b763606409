import { ArchiveIndexer } from "./archive/sessions/archive-indexer.ts";
import { Archivist } from "./archive/sessions/archivist.ts";
import { forkSession } from "./archive/sessions/fork-session.ts";
import { noteFormer } from "./store/erasure/former-sessions.ts";
import { UNKNOWN_KEYS, dropRequestKeys } from "./store/turns/request-keys.ts";
import { detachSession } from "./archive/sessions/detach-session.ts";
import { findSession } from "./store/sessions/sessions.ts";
import { refreshManifests } from "./archive/upkeep/maintain.ts";
import { bucketsOf } from "./archive/storage/buckets.ts";
import { Keyring } from "./archive/storage/keyring.ts";
import { ObjectStore } from "./archive/storage/object-store.ts";
import { OwnTurnRows } from "./calls/own-turns.ts";
import { shippedAssistants } from "../assistants/shipped.ts";
import { configOf } from "../config.ts";
import { jurisdictionOf } from "../shared/ids.ts";
import { logError } from "../observe/log.ts";
import { readValue } from "./store/account/account-values.ts";
import { countFiller } from "./store/account/file-compaction.ts";
import { noteReplicated, noteUnreplicated } from "./store/archive/archives.ts";
import { ApiKeys } from "./store/account/api-keys.ts";
import { Assistants } from "./store/account/assistants.ts";
import { Counters } from "./store/usage/counters.ts";
import { Database } from "../sqlite/database.ts";
import { GroupCommit } from "../sqlite/group-commit.ts";
import { schema } from "./store/schema.ts";
import { SystemPrompts } from "./store/turns/system-prompts.ts";
import type { ExternalCallParts } from "./conversation/external-calls.ts";
import { TurnLifecycle } from "./conversation/turn-lifecycle.ts";
import { SessionQueue } from "./conversation/session-queue.ts";
import { openSchema } from "../sqlite/migrate.ts";
import { Quotas } from "./store/usage/quotas.ts";
import {
  deploymentRetention,
  effectiveRetention,
  storageLimitBytes,
} from "./store/retention/retention-policy.ts";
import type { Retention } from "./store/retention/retention-policy.ts";
import { StorageRoom } from "./store/usage/storage-room.ts";
import { SearchIndex } from "./store/turns/search.ts";
import { SessionCache } from "./store/sessions/session-cache.ts";
import { SessionKeys } from "./store/sessions/session-keys.ts";
import { Summaries } from "./conversation/summaries.ts";
import { Turns } from "./store/turns/turns.ts";
import { Outbox } from "./directory-outbox.ts";
import { settingsOf } from "./due-settings.ts";

/** `USE_CONVERSATION_SCHEMA_V2`, as accounts have it. */
const MODES = { false: "old", dual: "dual", true: "new" } as const;

/** An account's empty storage, with the schema. */
export function openEmpty(storage: DurableObjectStorage): Database {
  const db = new Database(storage);
  openSchema(db, schema);
  return db;
}

/** Everything that an account's object works with, over its storage as it is now. */
export type AccountServices = ReturnType<typeof openServices>;

/** Builds the account's parts on its storage, which has the schema: at each wake, and after all was erased. */
export function openServices(
  ctx: DurableObjectState,
  env: Env,
  restore: (sessionId: string, now: number) => Promise<unknown>,
) {
  const accountId = ctx.id.name;
  if (accountId === undefined) throw new Error("an account's object is reached by its name only");
  const db = new Database(ctx.storage);
  countFiller(db);
  const commits = new GroupCommit(db, () => ctx.storage.sync());
  const turns = new Turns(db);
  const frames = new SystemPrompts(db);
  const counters = new Counters(db);
  const search = new SearchIndex(db);
  const config = configOf(env);
  const deployment = deploymentRetention(config);
  const room = new StorageRoom({
    db,
    limitBytes: storageLimitBytes(config),
    liveBytes: deployment.live_bytes,
    clock: Date.now,
    onGrowth: () => outbox.idleChanged(),
  });
  const quotas = new Quotas(db, counters, room);
  const assistants = new Assistants(db, shippedAssistants(config));
  const retention = (own = readValue(db, "retention")): Retention =>
    effectiveRetention(deployment, own, assistants.retentionDays());
  // KV has no jurisdictions.
  const mayCache = jurisdictionOf(accountId) === null;
  const store = new ObjectStore({
    ...bucketsOf(env, accountId),
    lacks: (objectKey) => db.transaction(() => noteUnreplicated(db, objectKey)),
    has: (objectKey) => db.transaction(() => noteReplicated(db, objectKey)),
    onError,
  });
  const keyring = new Keyring({
    db,
    store,
    accountId,
    deployment: { current: config.ARCHIVE_KEY, previous: config.ARCHIVE_KEY_PREVIOUS },
  });
  const outbox: Outbox = new Outbox({
    db,
    counters,
    storage: ctx.storage,
    retention,
    settings: settingsOf(env),
    keyring,
    store,
    env,
    accountId,
  });
  const sessionKeys = new SessionKeys(db);
  const deploymentMode = MODES[config.USE_CONVERSATION_SCHEMA_V2];
  const ownTurnRows = new OwnTurnRows({ db, turns, frames, deploymentMode });
  const journal: ExternalCallParts = {
    db,
    turns,
    frames,
    keys: sessionKeys,
    sessions: new SessionCache(db),
    counters,
    sessionWritten: (accessedAt) => outbox.sessionWritten(accessedAt),
    keyWritten: () => outbox.keyWritten(),
    turnWritten: (key) => search.turnWritten(key),
    turnSettled: (turn) => ownTurnRows.settled(turn),
    journalBegun: () => outbox.idleChanged(),
    checkRoom: (isNewSession) => {
      quotas.checkBytes();
      if (isNewSession) quotas.takeSession(() => lifecycle.newSessions() + 1);
    },
  };
  const lifecycle: TurnLifecycle = new TurnLifecycle({
    ...journal,
    accountId,
    cacheHours: () => (mayCache ? retention().cache_hours : null),
    queue: new SessionQueue(Date.now),
    quotas,
    assistants,
    restore,
    archiveOf: (session) => archivist.turnsOf(session),
    fork: (turn, sessionId, now) => forkSession(parts, turn, sessionId, now),
    unfork: (sessionId) => {
      const session = findSession(db, sessionId);
      if (!session) return;
      noteFormer(db, session);
      dropRequestKeys(db, UNKNOWN_KEYS, [session.key]);
      detachSession(parts, session);
    },
    clock: Date.now,
    commits,
  });
  const archivist = new Archivist({
    db,
    turns,
    frames,
    counters,
    store,
    keyring,
    accountId,
    segmentBytes: config.MAX_ARCHIVE_SIZE_MB * 1024 * 1024,
    isBusy: (sessionId) => lifecycle.isBusy(sessionId),
    beforeDelete: (objectKeys) => refreshManifests(parts, objectKeys, Date.now()),
    forgetCached: async (cacheKeys) => {
      await Promise.all(cacheKeys.map((key) => env.CACHE.delete(key)));
    },
    keepWords: (archived) => search.indexBeforeArchive(archived),
    turnsWritten: (key) => search.turnWritten(key),
    onError,
  });
  const parts = {
    accountId,
    db,
    commits,
    turns,
    frames,
    counters,
    search,
    quotas,
    room,
    assistants,
    lifecycle,
    journal,
    deploymentMode,
    ownTurnRows,
    archivist,
    archiveIndexer: new ArchiveIndexer({ db, store, keyring, onError }),
    summaries: new Summaries(db, turns),
    outbox,
    apiKeys: new ApiKeys(db),
    retention,
    mayCache,
    store,
    keyring,
    sessionKeys,
    turnsWritten: (key: number) => search.turnWritten(key),
    sessionWritten: (accessedAt: number) => outbox.sessionWritten(accessedAt),
    onError,
  };
  return parts;
}

function onError(error: unknown, about: Record<string, string | number>): void {
  // One session, or a batch of them, that stays live.
  const isKept = "session_id" in about || ("object_key" in about && "sessions" in about);
  const failed = isKept
    ? "kept what could not be archived"
    : "R2 failed, or held what it should not";
  const what = "step" in about ? "a part of the maintenance failed" : failed;
  logError("archive.failed", `[Archive Error] ${what}`, error, about);
}

import init from "../../migrations/conversation/0001_init.sql";
import keys from "../../migrations/conversation/0002_keys.sql";
import memory from "../../migrations/conversation/0003_memory.sql";
import persistence from "../../migrations/conversation/0004_persistence.sql";
import calls from "../../migrations/conversation/0005_calls.sql";
import imports from "../../migrations/conversation/0007_imports.sql";
import responses from "../../migrations/conversation/0008_responses.sql";
import whatsapp from "../../migrations/conversation/0006_whatsapp.sql";
import { Archivist } from "../archive/archivist.ts";
import { forkSession } from "../archive/fork.ts";
import { takeOut } from "../archive/take-out.ts";
import { findSession } from "../store/sessions.ts";
import { refreshManifests } from "../archive/maintain.ts";
import { Keyring } from "../archive/keyring.ts";
import { ObjectStore } from "../archive/object-store.ts";
import { shippedAssistants } from "../assistants/shipped.ts";
import { configOf, deploymentRetention } from "../config.ts";
import { logError } from "../observe/log.ts";
import { readValue } from "../store/account.ts";
import { noteReplicated, noteUnreplicated } from "../store/archives.ts";
import { ApiKeys } from "../store/api-keys.ts";
import { Assistants } from "../store/assistants.ts";
import { Counters } from "../store/counters.ts";
import { Database } from "../store/database.ts";
import { Frames } from "../store/frames.ts";
import type { JournalParts } from "../store/journal.ts";
import { Ledger } from "../store/ledger.ts";
import { Line } from "../store/line.ts";
import { migrate } from "../store/migrate.ts";
import { Quotas } from "../store/quotas.ts";
import { effectiveRetention } from "../store/retention-policy.ts";
import type { Retention } from "../store/retention-policy.ts";
import { SearchIndex } from "../store/search.ts";
import { SessionKeys } from "../store/session-keys.ts";
import { Summaries } from "../store/summaries.ts";
import { Turns } from "../store/turns.ts";
import { Outbox } from "./outbox.ts";
import { settingsOf } from "./settings.ts";

/** `USE_CONVERSATION_SCHEMA_V2`, as accounts have it. */
const MODES = { false: "old", dual: "dual", true: "new" } as const;

/** Append-only. */
const MIGRATIONS = [
  { name: "0001_init", sql: init },
  { name: "0002_keys", sql: keys },
  { name: "0003_memory", sql: memory },
  { name: "0004_persistence", sql: persistence },
  { name: "0005_calls", sql: calls },
  { name: "0006_whatsapp", sql: whatsapp },
  { name: "0007_imports", sql: imports },
  { name: "0008_responses", sql: responses },
];

/** The account's storage, brought up to date. */
export function openDatabase(storage: DurableObjectStorage): Database {
  const db = new Database(storage);
  migrate(db, MIGRATIONS);
  return db;
}

/** Everything that an account's object works with, over its storage as it is now. */
export type AccountParts = ReturnType<typeof openAccount>;

/** Builds the account's parts on its storage: at each wake, and after all was erased. */
export function openAccount(
  ctx: DurableObjectState,
  env: Env,
  restore: (sessionId: string, now: number) => Promise<unknown>,
) {
  const accountId = ctx.id.name;
  if (accountId === undefined) throw new Error("an account's object is reached by its name only");
  const db = openDatabase(ctx.storage);
  const turns = new Turns(db);
  const frames = new Frames(db);
  const counters = new Counters(db);
  const search = new SearchIndex(db);
  const quotas = new Quotas(db, counters);
  const config = configOf(env);
  const deployment = deploymentRetention(config);
  const assistants = new Assistants(db, shippedAssistants(config));
  const retention = (own = readValue(db, "retention")): Retention =>
    effectiveRetention(deployment, own, assistants.retentionDays());
  const store = new ObjectStore({
    primary: env.ARCHIVE,
    replica: env.ARCHIVE_REPLICA,
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
  const outbox = new Outbox({
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
  const journal: JournalParts = {
    db,
    turns,
    frames,
    keys: sessionKeys,
    counters,
    sessionWritten: (accessedAt) => outbox.sessionWritten(accessedAt),
    keyWritten: () => outbox.keyWritten(),
    turnWritten: (key) => search.turnWritten(key),
    journalBegun: () => outbox.idleChanged(),
  };
  const ledger = new Ledger({
    ...journal,
    accountId,
    cacheHours: () => retention().cache_hours,
    line: new Line(Date.now),
    quotas,
    assistants,
    restore,
    fork: (turn, sessionId, now) => forkSession(parts, turn, sessionId, now),
    unfork: (sessionId) => {
      const session = findSession(db, sessionId);
      if (session) takeOut(parts, session);
    },
    clock: Date.now,
    sync: () => ctx.storage.sync(),
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
    isBusy: (sessionId) => ledger.isBusy(sessionId),
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
    turns,
    frames,
    counters,
    search,
    quotas,
    assistants,
    ledger,
    journal,
    deploymentMode: MODES[config.USE_CONVERSATION_SCHEMA_V2],
    archivist,
    summaries: new Summaries(db, turns),
    outbox,
    apiKeys: new ApiKeys(db),
    retention,
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
  logError("archive.failed", "[Archive Error] R2 failed, or held what it should not", error, about);
}

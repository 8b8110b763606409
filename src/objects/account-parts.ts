import init from "../../migrations/conversation/0001_init.sql";
import keys from "../../migrations/conversation/0002_keys.sql";
import memory from "../../migrations/conversation/0003_memory.sql";
import type { Retention } from "../archive/sweep.ts";
import { Archivist } from "../archive/archivist.ts";
import { shippedAssistants } from "../assistants/shipped.ts";
import { configOf } from "../config.ts";
import { logError } from "../observe/log.ts";
import { readValue } from "../store/account.ts";
import { ApiKeys } from "../store/api-keys.ts";
import { Assistants } from "../store/assistants.ts";
import { Counters } from "../store/counters.ts";
import { Database } from "../store/database.ts";
import { Ledger } from "../store/ledger.ts";
import { Line } from "../store/line.ts";
import { migrate } from "../store/migrate.ts";
import { Quotas } from "../store/quotas.ts";
import { SearchIndex } from "../store/search.ts";
import { SessionKeys } from "../store/session-keys.ts";
import { Summaries } from "../store/summaries.ts";
import { Turns } from "../store/turns.ts";
import { Outbox } from "./outbox.ts";

/** Append-only. */
const MIGRATIONS = [
  { name: "0001_init", sql: init },
  { name: "0002_keys", sql: keys },
  { name: "0003_memory", sql: memory },
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
  const counters = new Counters(db);
  const search = new SearchIndex(db);
  const quotas = new Quotas(db, counters);
  const retention = (): Retention => ({
    days: readValue(db, "retention_days") ?? configOf(env).RETENTION_DAYS,
    assistants: assistants.retentionDays(),
  });
  const assistants = new Assistants(db, shippedAssistants(configOf(env)));
  const outbox = new Outbox({
    db,
    counters,
    storage: ctx.storage,
    shortestRetention: () => shortest(readValue(db, "retention_days"), retention()),
    env,
    accountId,
  });
  const ledger = new Ledger({
    db,
    turns,
    line: new Line(Date.now),
    keys: new SessionKeys(db),
    counters,
    quotas,
    assistants,
    restore,
    sessionWritten: (accessedAt) => outbox.sessionWritten(accessedAt),
    keyWritten: () => outbox.keyWritten(),
    turnWritten: (key) => search.turnWritten(key),
    clock: Date.now,
    sync: () => ctx.storage.sync(),
  });
  const archivist = new Archivist({
    db,
    turns,
    counters,
    bucket: env.ARCHIVE,
    accountId,
    isBusy: (sessionId) => ledger.isBusy(sessionId),
    turnsWritten: (key) => search.turnWritten(key),
    onError: (error, about) =>
      logError("archive.failed", "[Archive Error] kept what could not be archived", error, about),
  });
  return {
    accountId,
    db,
    turns,
    counters,
    search,
    quotas,
    assistants,
    ledger,
    archivist,
    summaries: new Summaries(db, turns),
    outbox,
    apiKeys: new ApiKeys(db),
    retention,
  };
}

/** What the directory is told: the account's own retention, or a shorter one of its assistants; null: the deployment's. */
function shortest(own: number | null, { days, assistants }: Retention): number | null {
  const least = Math.min(days, ...Object.values(assistants));
  return least < days ? least : own;
}

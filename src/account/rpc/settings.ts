import type { AssistantSettings } from "../../assistants/assistant.ts";
import type { Grants } from "../../shared/grants.ts";
import { loadPatterns } from "../../policies/patterns.ts";
import { ApiError } from "../../shared/errors.ts";
import { jurisdictionOf } from "../../shared/ids.ts";
import type { Jurisdiction } from "../../shared/ids.ts";
import type { KeyUse } from "../../shared/principal.ts";
import { DAY_MS, dayOf } from "../../shared/time.ts";
import type { AccountServices } from "../account-services.ts";
import { tryRetention } from "../archive/upkeep/maintain.ts";
import { countDue, dueAt } from "../archive/upkeep/sweep.ts";
import { deleteValue, readValue, writeValue } from "../store/account/account-values.ts";
import type { IssuedKey } from "../store/account/api-keys.ts";
import { idleSince } from "../store/retention/retention.ts";
import { shortest } from "../store/retention/retention-policy.ts";
import type { Retention, RetentionSettings } from "../store/retention/retention-policy.ts";
import { accountTotals, repairsOf, lastActiveAt } from "../store/usage/account-totals.ts";
import type { AccountRepairs, AccountTotals } from "../store/usage/account-totals.ts";
import { readDaily, rollUp } from "../store/usage/roll-up.ts";
import { dropReleasedVersions } from "../store/sessions/held-versions.ts";
import type { QuotaLimits } from "../store/usage/quotas.ts";
import { readStats } from "../store/usage/stats.ts";
import type { Stats } from "../store/usage/stats.ts";
import { readOverview } from "../overview.ts";
import type { Overview } from "../overview.ts";
import { defineFacet, user, wholeAccount, worker } from "./facet.ts";

export interface AccountPatch {
  /** Null for the deployment's. */
  retention_days?: number | null | undefined;
  quotas?: QuotaLimits | undefined;
  /** Why the whole account is under legal hold; null lifts it. */
  hold?: string | null | undefined;
}

export interface RetentionView {
  /** The retention in force. */
  retention: Retention;
  /** The part of it that the account has set. */
  own: RetentionSettings;
}

export interface AccountSummary extends AccountTotals {
  /** Null: sessions are not archived for being idle. */
  retention_days: number | null;
  quotas: Stats["quotas"];
  hold: string | null;
  /** Where the account's data stays; null: anywhere. */
  jurisdiction: Jurisdiction | null;
  repairs: AccountRepairs | null;
  last_active_at: number | null;
  /** When a sweep may find an idle session, in ms since the epoch; null: never. */
  next_due_at: number | null;
}

async function summaryOf(
  { db, counters, quotas, retention, accountId }: AccountServices,
  now: number,
): Promise<AccountSummary> {
  const last_active_at = await lastActiveAt(db);
  const totals = await accountTotals(db, counters);
  const own = retention();
  const idle_days = shortest(own, "idle_days");
  return {
    ...totals,
    repairs: repairsOf(db),
    retention_days: own.idle_days,
    quotas: quotas.report(now),
    hold: readValue(db, "hold"),
    jurisdiction: jurisdictionOf(accountId),
    last_active_at,
    next_due_at: idle_days === null ? null : idleSince(counters, now) + idle_days * DAY_MS + 1,
  };
}

declare module "../store/account/account-values.ts" {
  interface AccountValues {
    /** When an operator last asked for the deployment's health, in ms since the epoch. */
    probed_at: number;
  }
}

/** The account's settings, keys, quotas and figures. */
export const settingsFacet = defineFacet({
  /** Writes a row, and opens the keys of the account's archives. @returns why they stay closed; null where they open */
  probe: worker.serves(({ services: { db, keyring } }, now: number): string | null => {
    writeValue(db, "probed_at", now);
    try {
      keyring.check();
      return null;
    } catch (error) {
      if (error instanceof ApiError) return error.message;
      throw error;
    }
  }),

  /** The account's assistants, and the settings that it has made of them. */
  assistants: user.serves(({ services: { assistants } }) => ({
    assistants: [...assistants.list()],
    settings: assistants.settings(),
  })),

  /** @param settings - null removes what the account has set */
  setAssistant: worker.changes(
    async ({ services }, name: string, settings: AssistantSettings | null): Promise<void> => {
      // A turn that has begun may see these policies.
      await loadPatterns(settings?.policies ?? []);
      services.db.transaction(() => {
        services.assistants.set(name, settings);
        services.outbox.idleChanged();
      });
    },
  ),

  stats: wholeAccount.serves(
    async (
      { services },
      _caller,
      now: number,
    ): Promise<Stats & { retention_days: number | null }> => {
      const { idle_days } = services.retention();
      await services.counters.load(idle_days === null ? null : dayOf(now - idle_days * DAY_MS));
      const due = await countDue(services, await dueAt(services, now));
      await services.counters.load();
      return { ...readStats(services, due, now), retention_days: idle_days };
    },
  ),

  /** Counts of the days from one to another, both included, as days since the epoch. */
  analytics: wholeAccount.serves(
    async ({ services: { db } }, _caller, fromDay: number, toDay: number, now: number) => {
      await rollUp(db, now);
      return readDaily(db, fromDay, toDay);
    },
  ),

  /** Everything for the first look at the account. Days are counted since the epoch, both included. */
  overview: wholeAccount.serves(
    ({ services }, _caller, days: { from: number; to: number }, now: number): Promise<Overview> =>
      readOverview(services, days, now),
  ),

  retention: wholeAccount.serves(({ services }): RetentionView => ({
    retention: services.retention(),
    own: readValue(services.db, "retention") ?? {},
  })),

  /** How embeddings are made: `hours` that they may be cached, null for not at all, and whether each call of the model counts. */
  embedding: user.serves(({ services }) => ({
    hours: services.mayCache ? services.retention().cache_hours : null,
    is_counted: services.quotas.countsTurns,
  })),

  /** @param settings - null for the deployment's */
  setRetention: wholeAccount.changes(
    ({ services }, _caller, settings: RetentionSettings | null): RetentionView => {
      const { db, retention, outbox } = services;
      db.transaction(() => {
        if (settings === null) deleteValue(db, "retention");
        else writeValue(db, "retention", settings);
        outbox.idleChanged();
      });
      services.room.reload();
      return { retention: retention(), own: settings ?? {} };
    },
  ),

  /** Counts what the next sweep and maintenance would take under this retention. Changes nothing. */
  tryRetention: wholeAccount.serves(
    async ({ services }, _caller, settings: RetentionSettings | null, now: number) => {
      const own = services.retention(settings);
      const trial = await tryRetention({ ...services, retention: () => own }, now);
      return { ...trial, retention: own };
    },
  ),

  /** Refuses a revoked key. For a request that goes to another account's object. */
  checkKey: worker.serves(({ services }, key: KeyUse): void =>
    services.apiKeys.check(key, Date.now()),
  ),

  addKey: worker.changes(({ services }, key: IssuedKey): void => services.apiKeys.add(key)),

  /** Replaces what keys an admin key may issue. */
  setKeyGrants: worker.changes(({ services }, id: string, grants: Grants | null): IssuedKey =>
    services.apiKeys.setGrants(id, grants),
  ),

  /** Limits for keys that a key issues; null: it may issue none. */
  grantsOf: worker.serves(
    ({ services }, id: string): Grants | null =>
      services.apiKeys.list().find((each) => each.id === id)?.grants ?? null,
  ),

  findKey: worker.serves(({ services }, id: string): IssuedKey => services.apiKeys.find(id)),

  listKeys: worker.serves(({ services }) => services.apiKeys.list()),

  revokeKey: worker.serves(({ services }, id: string, at: number) =>
    services.apiKeys.revoke(id, at),
  ),

  summary: worker.serves(({ services }, now: number) => summaryOf(services, now)),

  configure: worker.changes(async ({ services }, patch: AccountPatch, now: number) => {
    const { db, quotas, outbox } = services;
    db.transaction(() => {
      const { retention_days, hold } = patch;
      if (retention_days !== undefined) {
        const { idle_days: _, ...others } = readValue(db, "retention") ?? {};
        const idle_days = retention_days ?? undefined;
        writeValue(db, "retention", { ...others, ...(idle_days && { idle_days }) });
      }
      if (hold === null) {
        deleteValue(db, "hold");
        dropReleasedVersions(db);
      } else if (hold !== undefined) writeValue(db, "hold", hold);
      if (patch.quotas) writeValue(db, "quotas", { ...readValue(db, "quotas"), ...patch.quotas });
      outbox.idleChanged();
    });
    quotas.reload();
    return summaryOf(services, now);
  }),

  /** Rows read and written since the object woke: the bill, for benchmarks and tests. */
  rows: worker.serves(({ services: { db } }) => ({ read: db.rowsRead, written: db.rowsWritten })),
});

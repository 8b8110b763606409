import { dayOf } from "../shared/time.ts";
import type { AccountServices } from "./account-services.ts";
import { reportDue } from "./archive/upkeep/sweep.ts";
import type { DueReport } from "./archive/upkeep/sweep.ts";
import { readDaily, rollUp } from "./store/usage/roll-up.ts";
import type { DailyCounts } from "./store/usage/analytics.ts";
import { FIT_DAYS, forecast } from "./store/usage/limit-forecast.ts";
import type { Forecast } from "./store/usage/limit-forecast.ts";
import { readSizes } from "./store/usage/daily-sizes.ts";
import type { DailySize } from "./store/usage/daily-sizes.ts";
import { readStats } from "./store/usage/stats.ts";
import type { Stats } from "./store/usage/stats.ts";

/** A limit of the account, how much of it is used, and when it is reached at the present growth. */
export interface LimitForecast extends Forecast {
  name: "storage" | "live_bytes" | "stored_bytes" | "sessions";
  limit: number;
  used: number;
}

export interface Overview {
  daily: DailyCounts[];
  sizes: DailySize[];
  limits: LimitForecast[];
  stats: Stats & { retention_days: number | null };
  due: DueReport;
}

/** All that the first look at an account needs: what happened, what it holds, how it grows, what a sweep would take. */
export async function readOverview(
  services: AccountServices,
  { from, to }: { from: number; to: number },
  now: number,
): Promise<Overview> {
  const { db, counters, retention } = services;
  await rollUp(db, now);
  const daily = await readDaily(db, from, to);
  const due = await reportDue(services, now, null);
  await counters.load();
  const stats = readStats(services, due.sessions, now);
  const today = dayOf(now);
  const sizes = readSizes(db, Math.min(from, today - FIT_DAYS));
  return {
    daily,
    sizes: sizes.filter(({ day }) => day >= from && day <= to),
    limits: limitsOf(services, stats, sizes, today),
    stats: { ...stats, retention_days: retention().idle_days },
    due,
  };
}

/** Those that are set, each with its forecast. */
function limitsOf(
  { room, retention }: AccountServices,
  { storage_bytes, conversations, quotas }: Stats,
  sizes: readonly DailySize[],
  today: number,
): LimitForecast[] {
  const bytes = sizes.map(({ day, storage_bytes: value }) => ({ day, value }));
  const sessions = sizes.map(({ day, sessions: value }) => ({ day, value }));
  const all = [
    { name: "storage", limit: room.limitBytes, used: storage_bytes, points: bytes },
    { name: "live_bytes", limit: retention().live_bytes, used: storage_bytes, points: bytes },
    { name: "stored_bytes", limit: quotas.stored_bytes.limit, used: storage_bytes, points: bytes },
    { name: "sessions", limit: quotas.sessions.limit, used: conversations, points: sessions },
  ] as const;
  return all.flatMap(({ points, limit, ...each }) =>
    limit === null
      ? []
      : [{ ...each, limit, ...forecast(points, { today, value: each.used, limit }) }],
  );
}

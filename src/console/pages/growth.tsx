import { Chart } from "../parts/chart.tsx";
import { Export } from "../parts/export.tsx";
import { bytes, day, number } from "../words.ts";
import type { Overview } from "./overview-data.ts";

type Limit = Overview["limits"][number];

const NAMES: Record<Limit["name"], string> = {
  storage: "what SQLite of an account holds",
  live_bytes: "the live bytes of the retention",
  stored_bytes: "the quota of stored bytes",
  sessions: "the quota of live sessions",
};

/** What the account held by day, and when its limits are reached. */
export function Growth({ growth, limits, names: days }: Overview & { names: readonly string[] }) {
  const found = new Map(growth.map((each) => [each.day, each]));
  const each = days.map((name) => found.get(name) ?? null);
  return (
    <>
      <div class="bar">
        <h2>Growth</h2>
        <Export name="growth" rows={() => growth} />
      </div>
      <ul class="plain-words">
        {limits.map((limit) => (
          <li key={limit.name}>{forecastWords(limit)}</li>
        ))}
      </ul>
      {growth.length < 2 ? (
        <p class="faint">
          The account has noted {growth.length === 0 ? "no day" : "one day"} of this span so far. It
          notes what it holds on each day with a write or a sweep.
        </p>
      ) : (
        <div class="charts">
          <Chart
            label="Stored bytes"
            days={days}
            format={bytes}
            series={[
              {
                label: "live",
                color: "--series-1",
                hasGaps: true,
                values: each.map((one) => one?.storage_bytes ?? null),
              },
              {
                label: "archived",
                color: "--series-2",
                hasGaps: true,
                values: each.map((one) => one?.archived_bytes ?? null),
              },
            ]}
          />
          <Chart
            label="Sessions"
            days={days}
            format={number}
            series={[
              {
                label: "live",
                color: "--series-1",
                hasGaps: true,
                values: each.map((one) => one?.sessions ?? null),
              },
              {
                label: "archived",
                color: "--series-2",
                hasGaps: true,
                values: each.map((one) => one?.archived_sessions ?? null),
              },
            ]}
          />
        </div>
      )}
    </>
  );
}

function forecastWords({ name, limit, used, per_day, reached_on }: Limit) {
  const show = name === "sessions" ? number : bytes;
  const share = `${show(used)} of ${show(limit)}, ${NAMES[name]}`;
  if (used >= limit) return `${share}: reached.`;
  if (per_day === null) return `${share}: too few days are known to tell when it is reached.`;
  if (per_day <= 0) return `${share}: it does not grow.`;
  const growth = `${show(Math.max(1, Math.round(per_day)))} more a day`;
  return reached_on === null ? (
    `${share}: ${growth}, which reaches it in more than ten years.`
  ) : (
    <>
      {share}: {growth}, which reaches it on <strong>{day(reached_on)}</strong>.
    </>
  );
}

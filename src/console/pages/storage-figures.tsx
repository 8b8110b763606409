import type { ComponentChildren } from "preact";

import { href } from "../router.ts";
import { bytes, day, number, percent } from "../words.ts";
import type { Overview } from "./overview-data.ts";

/** From this share on, a bar says that the limit is near. */
const NEAR = 0.7;

/** What the account stores, live and archived, against its limits. */
export function StorageFigures({ storage, limits }: Overview) {
  const { quotas, last_purge } = storage;
  const limit = (name: Overview["limits"][number]["name"]) =>
    limits.find((each) => each.name === name)?.limit ?? null;
  const quota = limit("stored_bytes");
  return (
    <div class="figures">
      <Figure
        title="Live sessions"
        value={number(storage.total_conversations)}
        to={href(["sessions"], { status: "live" })}
      >
        {number(storage.total_turns)} turns, {number(storage.total_messages)} messages
        <Share of={storage.total_conversations} limit={limit("sessions")} what="of the quota" />
      </Figure>
      <Figure title="Live storage" value={bytes(storage.storage_bytes)}>
        <Share
          of={storage.storage_bytes}
          limit={quota ?? limit("storage")}
          what={quota === null ? "of what an account can hold" : "of the quota"}
        />
      </Figure>
      <Figure
        title="Archived"
        value={number(storage.archived_conversations)}
        to={href(["sessions"], { status: "archived" })}
      >
        sessions in {bytes(storage.archived_bytes)} of R2
      </Figure>
      <Figure title="Due" value={number(storage.due_for_purge)}>
        sessions, at tonight's purge.{" "}
        {last_purge
          ? `The last one was on ${day(last_purge.at)}, and archived ${number(last_purge.deleted)}${last_purge.errors > 0 ? `, with ${number(last_purge.errors)} errors` : ""}.`
          : "There was none yet."}
      </Figure>
      <Figure
        title="Turns today"
        value={number(quotas.turns_per_day?.used ?? 0)}
        to={href(["calls"])}
      >
        begun since midnight, UTC
        <Share
          of={quotas.turns_per_day?.used ?? 0}
          limit={quotas.turns_per_day?.limit ?? null}
          what="of the quota"
        />
      </Figure>
    </div>
  );
}

function Figure({
  title,
  value,
  to,
  children,
}: {
  title: string;
  value: string;
  to?: string;
  children: ComponentChildren;
}) {
  return (
    <div class="figure-card">
      <h2>{to ? <a href={to}>{title}</a> : title}</h2>
      <p class="value">{value}</p>
      <div class="faint">{children}</div>
    </div>
  );
}

function Share({ of, limit, what }: { of: number; limit: number | null; what: string }) {
  if (limit === null || limit === 0) return null;
  const share = of / limit;
  return (
    <div class={share >= NEAR ? "share near" : "share"}>
      <progress max={1} value={Math.min(share, 1)} aria-label={`${percent(share)} ${what}`} />{" "}
      {share < 0.01 ? "below 1 %" : percent(share)} {what}
    </div>
  );
}

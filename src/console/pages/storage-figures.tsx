import type { ComponentChildren } from "preact";

import { unwrap } from "../../client/index.ts";
import type { components } from "../../client/index.ts";
import { api } from "../auth.ts";
import { Curl } from "../parts/curl-of.tsx";
import { Loading } from "../parts/notice.tsx";
import { href } from "../router.ts";
import { useLoad } from "../use-load.ts";
import { bytes, day, number, percent } from "../words.ts";

type Quotas = components["schemas"]["Quotas"];

/** What SQLite in a Durable Object holds. Source: Cloudflare's limits of Durable Objects. */
const OBJECT_BYTES = 10 * 1024 ** 3;
/** From this share on, a bar says that the limit is near. */
const NEAR = 0.7;

/** What the account stores, live and archived, against its limits. */
export function StorageFigures() {
  const stats = useLoad("stats", () => unwrap(api.value.GET("/storage-stats")));
  return (
    <>
      <Loading of={stats}>
        {(found) => {
          const { quotas } = found;
          return (
            <div class="figures">
              <Figure
                title="Live sessions"
                value={number(found.total_conversations)}
                to={href(["sessions"], { status: "live" })}
              >
                {number(found.total_turns)} turns, {number(found.total_messages)} messages
                <Share
                  of={found.total_conversations}
                  limit={limitOf(quotas, "sessions")}
                  what="of the quota"
                />
              </Figure>
              <Figure title="Live storage" value={bytes(found.storage_bytes)}>
                <Share
                  of={found.storage_bytes}
                  limit={limitOf(quotas, "stored_bytes") ?? OBJECT_BYTES}
                  what={
                    limitOf(quotas, "stored_bytes") === null
                      ? "of what an account can hold"
                      : "of the quota"
                  }
                />
              </Figure>
              <Figure
                title="Archived"
                value={number(found.archived_conversations)}
                to={href(["sessions"], { status: "archived" })}
              >
                sessions in {bytes(found.archived_bytes)} of R2
              </Figure>
              <Figure title="Due" value={number(found.due_for_purge)}>
                sessions, at tonight's purge.{" "}
                {found.last_purge
                  ? `The last one was on ${day(found.last_purge.at)}, and archived ${number(found.last_purge.deleted)}${found.last_purge.errors > 0 ? `, with ${number(found.last_purge.errors)} errors` : ""}.`
                  : "There was none yet."}
              </Figure>
            </div>
          );
        }}
      </Loading>
      <Curl step={{ method: "GET", path: "/storage-stats" }} />
    </>
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

/** Null where there is no limit. */
const limitOf = (quotas: Quotas, name: "sessions" | "stored_bytes"): number | null =>
  quotas[name]?.limit ?? null;

import { useState } from "preact/hooks";

import { unwrap } from "../../client/index.ts";
import { api } from "../auth.ts";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Export } from "../parts/export.tsx";
import { Moment } from "../parts/moment.tsx";
import { Loading } from "../parts/notice.tsx";
import { useLoad } from "../use-load.ts";
import { number } from "../words.ts";

const LIMIT = 100;

/** What admins did, and whether the chain of its entries is whole. */
export function AdminLog() {
  const [page, setPage] = useState<number | null>(null);
  const log = useLoad(`log ${page}`, async () => {
    if (page !== null) return read(page);
    // The newest page: the log's head tells where it begins.
    const { head } = await read(0, 1);
    return read(Math.max(0, head - LIMIT));
  });
  return (
    <>
      <Loading of={log}>
        {({ data, intact, verified_through, head, has_more }) => {
          const first = data[0]?.seq ?? 0;
          return (
            <>
              <div class="bar">
                <span>
                  <Badge tone={intact ? "good" : "bad"}>
                    {intact ? "chain intact" : "chain broken"}
                  </Badge>{" "}
                  up to entry {number(verified_through)} of {number(head)}
                </span>
                <Export name="admin-log" rows={entries} />
              </div>
              <div class="scroll-x" tabIndex={0} role="region" aria-label="Entries">
                <table>
                  <thead>
                    <tr>
                      <th scope="col" class="figure">
                        Entry
                      </th>
                      <th scope="col">When</th>
                      <th scope="col">Who</th>
                      <th scope="col">What</th>
                      <th scope="col">Of</th>
                      <th scope="col">Details</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.toReversed().map(({ seq, at, actor, action, target, details }) => (
                      <tr key={seq}>
                        <th scope="row" class="figure">
                          {number(seq)}
                        </th>
                        <td>
                          <Moment at={at} />
                        </td>
                        <td>{actor}</td>
                        <td>{action}</td>
                        <td>{target}</td>
                        <td class="long">
                          <code>{JSON.stringify(details)}</code>
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              <Curl
                step={{
                  method: "GET",
                  path: "/admin/log",
                  query: { after: Math.max(0, first - 1), limit: LIMIT },
                }}
              />
              <div class="bar">
                <button
                  type="button"
                  disabled={log.isLoading || first <= 1}
                  onClick={() => setPage(Math.max(0, first - 1 - LIMIT))}
                >
                  Older
                </button>
                <button
                  type="button"
                  disabled={log.isLoading || !has_more}
                  onClick={() => setPage(data.at(-1)?.seq ?? 0)}
                >
                  Newer
                </button>
              </div>
            </>
          );
        }}
      </Loading>
    </>
  );
}

/** All of it, the oldest first. */
async function* entries() {
  for (let after = 0; ;) {
    const { data, has_more } = await read(after);
    yield* data;
    const last = data.at(-1);
    if (!has_more || !last) return;
    after = last.seq;
  }
}

const read = (after: number, limit = LIMIT) =>
  unwrap(api.value.GET("/admin/log", { params: { query: { after, limit } } }));

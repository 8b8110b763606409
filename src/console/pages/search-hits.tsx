import { unwrap } from "../../client/index.ts";
import { api } from "../auth.ts";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Marked } from "../parts/marked.tsx";
import { Export } from "../parts/export.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty, Loading } from "../parts/notice.tsx";
import { href } from "../router.ts";
import { useLoad } from "../use-load.ts";
import { count } from "../words.ts";

const LIMIT = 50;

/** Messages that have the words, with these marked. */
export function SearchHits({ q, status }: { q: string; status: string | null }) {
  const query = { q, limit: LIMIT, ...(status && { status: status as "live" | "archived" }) };
  const found = useLoad(JSON.stringify(query), () =>
    unwrap(api.value.GET("/search", { params: { query } })),
  );
  return (
    <>
      <Loading of={found}>
        {({ data, has_more, complete }) => (
          <>
            {data.length === 0 ? (
              <Empty>No message has these words.</Empty>
            ) : (
              <div class="bar">
                <span class="faint" role="status">
                  {has_more && "the first "}
                  {count(data.length, "message")}
                </span>
                <Export name="found" rows={() => data} />
              </div>
            )}
            <ol class="hits">
              {data.map(
                ({ call_id, session_id, role, snippet, highlights, created_at, status: where }) => (
                  <li key={`${call_id}${role}`}>
                    <a href={href(["session", session_id], { turn: call_id })}>{session_id}</a>{" "}
                    <span class="faint">
                      {role} · <Moment at={created_at} />
                    </span>{" "}
                    {where === "archived" && <Badge>archived</Badge>}
                    {snippet !== null && (
                      <p dir="auto">
                        <Marked text={snippet} ranges={highlights as [number, number][]} />
                      </p>
                    )}
                  </li>
                ),
              )}
            </ol>
            {has_more && <p class="faint">There are more: add a word to narrow the search.</p>}
            {!complete && (
              <p class="faint">Some messages are not indexed yet. Search again in a moment.</p>
            )}
          </>
        )}
      </Loading>
      <Curl step={{ method: "GET", path: "/search", query }} />
    </>
  );
}

import { unwrap } from "../../client/index.ts";
import { api } from "../auth.ts";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Failure } from "../parts/notice.tsx";
import { href } from "../router.ts";
import { useLoad } from "../use-load.ts";

/** Says where a call is not what its rows of the old schema say. Nothing, where it is, or has none. */
export function CallMismatch({ call_id }: { call_id: string }) {
  const query = { call_id };
  const found = useLoad(call_id, () =>
    unwrap(api.value.GET("/migrations/calls/mismatches", { params: { query } })),
  );
  if (found.error) return <Failure error={found.error} retry={found.reload} />;
  const [mismatch] = found.data?.data ?? [];
  if (!mismatch) return null;
  return (
    <div class="notice warn" role="status">
      <p>
        It differs from its rows of the old schema in{" "}
        {mismatch.differences.map((each) => (
          <>
            <Badge tone="bad">{each.replaceAll("_", " ")}</Badge>{" "}
          </>
        ))}
        <a href={href(["mismatches"])}>All calls that differ</a>
      </p>
      <Curl step={{ method: "GET", path: "/migrations/calls/mismatches", query }} />
    </div>
  );
}

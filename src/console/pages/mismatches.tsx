import { unwrap } from "../../client/index.ts";
import type { components } from "../../client/index.ts";
import { api } from "../auth.ts";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Export } from "../parts/export.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty, Failure, Loading } from "../parts/notice.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import type { Column } from "../parts/virtual-list.tsx";
import { href } from "../router.ts";
import { useLoad } from "../use-load.ts";
import { usePages } from "../use-pages.ts";
import { count, number } from "../words.ts";

type Mismatch = components["schemas"]["CallMismatch"];

const query = { limit: 100 };
const rows = () => api.value.list("/migrations/calls/mismatches", { params: { query } });

/** Calls that are not what the rows of the old schema say. */
export function Mismatches() {
  const status = useLoad("migration", () => unwrap(api.value.GET("/migrations/calls/status")));
  const pages = usePages<Mismatch>("mismatches", rows);
  return (
    <section class="fill">
      <p class="trail">
        <a href={href(["calls"])}>Calls</a> /
      </p>
      <h1>Schema migration</h1>
      <Loading of={status}>
        {({ mode, old_calls, compared, is_compared, compared_at, mismatches }) => (
          <p>
            The mode is <Badge>{mode}</Badge>. {count(old_calls, "call")} of the old schema{" "}
            {old_calls === 1 ? "is" : "are"} kept; {number(compared)}{" "}
            {compared === 1 ? "was" : "were"} compared
            {is_compared ? "" : ", and the comparison goes on"}, last <Moment at={compared_at} />.{" "}
            {count(mismatches, "call differs", "calls differ")}.
          </p>
        )}
      </Loading>
      <div class="bar">
        <span class="faint" role="status">
          {count(pages.rows.length, "mismatch", "mismatches")}
          {pages.isComplete ? "" : " so far; scroll for more"}
        </span>
        <Export name="mismatches" rows={rows} />
      </div>
      {pages.error && <Failure error={pages.error} retry={pages.reload} />}
      {pages.isComplete && pages.rows.length === 0 && !pages.error ? (
        <Empty>No call differs from its old rows.</Empty>
      ) : (
        <VirtualList label="Mismatches" columns={COLUMNS} pages={pages} />
      )}
      <Curl step={{ method: "GET", path: "/migrations/calls/mismatches", query }} />
    </section>
  );
}

const COLUMNS: readonly Column<Mismatch>[] = [
  {
    name: "Call",
    width: "minmax(0, 2fr)",
    cell: ({ call_id }) => <a href={href(["call", call_id])}>{call_id}</a>,
  },
  {
    name: "Differs in",
    width: "minmax(0, 3fr)",
    cell: ({ differences }) =>
      differences.map((each) => (
        <>
          <Badge tone="bad">{each.replaceAll("_", " ")}</Badge>{" "}
        </>
      )),
  },
];

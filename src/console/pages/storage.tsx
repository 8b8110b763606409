import type { components } from "../../client/index.ts";
import { api } from "../auth.ts";
import { Curl } from "../parts/curl-of.tsx";
import { Export } from "../parts/export.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty, Failure } from "../parts/notice.tsx";
import { Tabs, chosenTab } from "../parts/tabs.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import type { Column } from "../parts/virtual-list.tsx";
import { href } from "../router.ts";
import { usePages } from "../use-pages.ts";
import { number } from "../words.ts";
import { Backups } from "./backups.tsx";
import { Imports } from "./imports.tsx";

type Session = components["schemas"]["Session"];

const TABS = { "": "Archives", backups: "Backups", imports: "Imports" };

/** What lies outside of SQLite, and what came from elsewhere. */
export function Storage() {
  const tab = chosenTab();
  return (
    <section class={tab === "" ? "fill" : ""}>
      <h1>Archives, backups and imports</h1>
      <Tabs label="Kinds" titles={TABS} panelClass={tab === "" ? "fill" : ""}>
        {tab === "backups" ? <Backups /> : tab === "imports" ? <Imports /> : <Archives />}
      </Tabs>
    </section>
  );
}

const COLUMNS: readonly Column<Session>[] = [
  {
    name: "Session",
    width: "minmax(0, 3fr)",
    cell: ({ session_id }) => <a href={href(["session", session_id])}>{session_id}</a>,
  },
  {
    name: "User",
    width: "minmax(0, 2fr)",
    wide: true,
    cell: ({ user_id }) => user_id ?? <span class="faint">none</span>,
  },
  { name: "Assistant", width: "minmax(0, 1.4fr)", wide: true, cell: ({ assistant }) => assistant },
  { name: "Turns", width: "4rem", cell: ({ turns }) => number(turns) },
  {
    name: "Last turn",
    width: "8.7rem",
    cell: ({ last_accessed_at }) => <Moment at={last_accessed_at} />,
  },
];

const rows = () => api.value.list("/archives", { params: { query: { limit: 100 } } });

function Archives() {
  const pages = usePages<Session>("archives", rows);
  return (
    <>
      <div class="bar">
        <span class="faint" role="status">
          {number(pages.rows.length)}
          {pages.isComplete ? " archived sessions" : " archived sessions so far; scroll for more"}
        </span>
        <a href={href(["sessions"], { status: "archived" })}>
          Select some, to restore or erase them
        </a>
        <Export name="archives" rows={rows} />
      </div>
      {pages.error && <Failure error={pages.error} retry={pages.reload} />}
      {pages.isComplete && pages.rows.length === 0 && !pages.error ? (
        <Empty>Nothing is archived.</Empty>
      ) : (
        <VirtualList label="Archives" columns={COLUMNS} pages={pages} />
      )}
      <Curl step={{ method: "GET", path: "/archives", query: { limit: 100 } }} />
    </>
  );
}

import { useMemo, useState } from "preact/hooks";

import type { components } from "../../client/index.ts";
import { api, may } from "../auth.ts";
import { useAction } from "../parts/action-dialog.tsx";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Export } from "../parts/export.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty, Failure } from "../parts/notice.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import type { Column } from "../parts/virtual-list.tsx";
import { queryField } from "../query-field.ts";
import { href, place, setQuery } from "../router.ts";
import { sessionActions } from "../session-actions.tsx";
import { usePages } from "../use-pages.ts";
import { number } from "../words.ts";
import { SearchHits } from "./search-hits.tsx";

type Session = components["schemas"]["Session"];

const FILTERS = ["user_id", "assistant", "status"] as const;
const ORDERS = { desc: "newest first", asc: "oldest first" };

export function Sessions() {
  const { query } = place.value;
  const q = query.get("q") ?? "";
  return (
    <section class="fill">
      <h1>Sessions</h1>
      <Filters />
      {q === "" ? <List /> : <SearchHits q={q} status={query.get("status")} />}
    </section>
  );
}

/** A filter of the list. */
const field = (name: (typeof FILTERS)[number] | "q") => queryField(name);

function Filters() {
  const { query } = place.value;
  const isSearch = query.has("q");
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <label>
        Words
        <input type="search" placeholder="Search in all messages" {...field("q")} />
      </label>
      {/* The search knows only where: a filter that does nothing would mislead. */}
      {!isSearch && (
        <>
          <label>
            User
            <input autocomplete="off" {...field("user_id")} />
          </label>
          <label>
            Assistant
            <input autocomplete="off" {...field("assistant")} />
          </label>
        </>
      )}
      <label>
        Where
        <select {...field("status")}>
          <option value="">live and archived</option>
          <option value="live">live</option>
          <option value="archived">archived</option>
        </select>
      </label>
      {!isSearch && (
        <label>
          Order
          <select
            name="order"
            value={query.get("order") ?? "desc"}
            onChange={(event) => setQuery({ order: event.currentTarget.value })}
          >
            {Object.entries(ORDERS).map(([value, words]) => (
              <option value={value}>{words}</option>
            ))}
          </select>
        </label>
      )}
    </form>
  );
}

/** Each page is read after the one before it: the far end is a page away only in the other order. */
const startAtOtherEnd = () =>
  setQuery({ order: place.value.query.get("order") === "asc" ? "desc" : "asc" });

/** The list's parameters, as the address has them. */
function parameters(): Record<string, string> {
  const { query } = place.value;
  return Object.fromEntries(
    [...FILTERS, "order"].flatMap((name) => {
      const value = query.get(name);
      return value ? [[name, value]] : [];
    }),
  );
}

function List() {
  const filter = parameters();
  const rows = () => api.value.list("/sessions", { params: { query: { ...filter, limit: 100 } } });
  const pages = usePages<Session>(JSON.stringify(filter), rows);
  const [selected, setSelected] = useState<ReadonlyMap<string, Session>>(new Map());
  const [dialog, setAction] = useAction(() => {
    setSelected(new Map());
    pages.reload();
  });
  const { rows: loaded } = pages;
  const areAll = loaded.length > 0 && selected.size === loaded.length;
  // A page that comes changes no column, so that the rows that are seen are not drawn again.
  const columns = useMemo(
    () => columnsOf({ loaded, selected, areAll, setSelected }),
    [loaded, loaded.length === 0, selected, areAll],
  );
  return (
    <>
      <div class="bar">
        {selected.size === 0 ? (
          <span class="faint" role="status">
            {number(pages.rows.length)}
            {pages.isComplete ? (
              " sessions"
            ) : (
              <>
                {" sessions so far; scroll for more, or "}
                <button type="button" class="link" onClick={startAtOtherEnd}>
                  start at the other end
                </button>
              </>
            )}
          </span>
        ) : (
          <span role="status">{number(selected.size)} selected</span>
        )}
        {selected.size > 0 &&
          sessionActions([...selected.values()]).map((each) => (
            <button
              type="button"
              class={each.isDangerous ? "danger" : ""}
              disabled={each.steps.length === 0}
              onClick={() => setAction(each)}
            >
              {each.verb}
            </button>
          ))}
        <Export name="sessions" rows={rows} />
      </div>
      {pages.error && <Failure error={pages.error} retry={pages.reload} />}
      {pages.isComplete && pages.rows.length === 0 && !pages.error ? (
        <Empty>No session has these properties.</Empty>
      ) : (
        <VirtualList label="Sessions" columns={columns} pages={pages} />
      )}
      <Curl step={{ method: "GET", path: "/sessions", query: { ...filter, limit: 100 } }} />
      {dialog}
    </>
  );
}

function columnsOf({
  loaded,
  selected,
  areAll,
  setSelected,
}: {
  loaded: readonly Session[];
  selected: ReadonlyMap<string, Session>;
  areAll: boolean;
  setSelected: (all: ReadonlyMap<string, Session>) => void;
}): Column<Session>[] {
  const toggle = (session: Session) => {
    const next = new Map(selected);
    if (!next.delete(session.session_id)) next.set(session.session_id, session);
    setSelected(next);
  };
  const selection: Column<Session> = {
    name: (
      <input
        type="checkbox"
        aria-label="Select all that are loaded"
        checked={areAll}
        disabled={loaded.length === 0}
        onChange={() =>
          setSelected(areAll ? new Map() : new Map(loaded.map((row) => [row.session_id, row])))
        }
      />
    ) as unknown as string,
    width: "2rem",
    cell: (session) => (
      <input
        type="checkbox"
        aria-label={`Select ${session.session_id}`}
        checked={selected.has(session.session_id)}
        onChange={() => toggle(session)}
      />
    ),
  };
  return [
    ...(may("manage") ? [selection] : []),
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
    {
      name: "Assistant",
      width: "minmax(0, 1.4fr)",
      wide: true,
      cell: ({ assistant }) => assistant,
    },
    { name: "Turns", width: "4rem", wide: true, cell: ({ turns }) => number(turns) },
    {
      name: "Last turn",
      width: "8.7rem",
      cell: ({ last_accessed_at }) => <Moment at={last_accessed_at} />,
    },
    {
      name: "State",
      width: "minmax(0, 1.2fr)",
      wide: true,
      cell: ({ status, pinned, hold }) => (
        <>
          {status === "archived" && <Badge>archived</Badge>}
          {pinned && <Badge tone="good">pinned</Badge>}
          {hold !== null && <Badge tone="warn">on hold</Badge>}
        </>
      ),
    },
  ];
}

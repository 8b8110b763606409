import type { components } from "../../client/index.ts";
import { api, may } from "../auth.ts";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Export } from "../parts/export.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty, Failure } from "../parts/notice.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import type { Column } from "../parts/virtual-list.tsx";
import { queryField } from "../query-field.ts";
import { href, place } from "../router.ts";
import { usePages } from "../use-pages.ts";
import { duration, number } from "../words.ts";

type Call = components["schemas"]["Call"];

const FILTERS = [
  "model",
  "status",
  "policy_outcome",
  "session_id",
  "user_id",
  "from",
  "to",
  "archived",
] as const;
const STATUSES = ["in_progress", "completed", "failed", "abandoned", "interrupted"];
const OUTCOMES = ["allowed", "modified", "blocked", "none"];

/** Every turn as a call, and the calls that gateways wrote. */
export function Calls() {
  const { query } = place.value;
  const filter = Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = query.get(name);
      return value ? [[name, value]] : [];
    }),
  );
  const rows = () => api.value.list("/calls", { params: { query: { ...filter, limit: 100 } } });
  const pages = usePages<Call>(JSON.stringify(filter), rows);
  return (
    <section class="fill">
      <div class="bar">
        <h1>Calls</h1>
        {may("account") && <a href={href(["mismatches"])}>Schema migration</a>}
      </div>
      <Filters />
      <div class="bar">
        <span class="faint" role="status">
          {number(pages.rows.length)}
          {pages.isComplete ? " calls" : " calls so far; scroll for more"}
        </span>
        <Export name="calls" rows={rows} />
      </div>
      {pages.error && <Failure error={pages.error} retry={pages.reload} />}
      {pages.isComplete && pages.rows.length === 0 && !pages.error ? (
        <Empty>No call has these properties.</Empty>
      ) : (
        <VirtualList label="Calls" columns={COLUMNS} pages={pages} />
      )}
      <Curl step={{ method: "GET", path: "/calls", query: { ...filter, limit: 100 } }} />
    </section>
  );
}

/** A filter of the list. */
const field = (name: (typeof FILTERS)[number]) => queryField(name);

function Filters() {
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <label>
        Model
        <input autocomplete="off" {...field("model")} />
      </label>
      <label>
        Status
        <select {...field("status")}>
          <option value="">any</option>
          {STATUSES.map((status) => (
            <option value={status}>{status.replace("_", " ")}</option>
          ))}
        </select>
      </label>
      <label>
        Policies
        <select {...field("policy_outcome")}>
          <option value="">any</option>
          {OUTCOMES.map((outcome) => (
            <option value={outcome}>{outcome}</option>
          ))}
        </select>
      </label>
      <label>
        User
        <input autocomplete="off" {...field("user_id")} />
      </label>
      <label>
        Session
        <input autocomplete="off" {...field("session_id")} />
      </label>
      <label>
        From
        <input type="date" {...field("from")} />
      </label>
      <label>
        To
        <input type="date" {...field("to")} />
      </label>
      <label>
        Where
        <select {...field("archived")}>
          <option value="">live</option>
          <option value="true">archived</option>
        </select>
      </label>
    </form>
  );
}

const COLUMNS: readonly Column<Call>[] = [
  {
    name: "Call",
    width: "minmax(0, 2fr)",
    cell: ({ call_id }) => <a href={href(["call", call_id])}>{call_id}</a>,
  },
  {
    name: "Model",
    width: "minmax(0, 2.4fr)",
    wide: true,
    cell: ({ model, provider }) => modelOf(model, provider),
  },
  {
    name: "Session",
    width: "minmax(0, 2fr)",
    wide: true,
    cell: ({ session_id }) =>
      session_id === null ? (
        <span class="faint">journal</span>
      ) : (
        <a href={href(["session", session_id])}>{session_id}</a>
      ),
  },
  { name: "Status", width: "6.5rem", cell: ({ status }) => <Badge>{status}</Badge> },
  {
    name: "Policies",
    width: "6rem",
    wide: true,
    cell: ({ policy_outcome }) => policy_outcome && <Badge>{policy_outcome}</Badge>,
  },
  {
    name: "Tokens",
    width: "7rem",
    wide: true,
    cell: ({ usage }) =>
      usage ? `${number(usage.input_tokens)} → ${number(usage.output_tokens)}` : "–",
  },
  { name: "Took", width: "4.5rem", wide: true, cell: ({ duration_ms }) => duration(duration_ms) },
  { name: "When", width: "8.7rem", cell: ({ created_at }) => <Moment at={created_at} /> },
];

const modelOf = (model: string | null, provider: string | null) =>
  model === null ? (
    <span class="faint">none</span>
  ) : provider === null ? (
    model
  ) : (
    `${provider}/${model}`
  );

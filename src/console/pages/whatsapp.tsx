import type { components } from "../../client/index.ts";
import { api } from "../auth.ts";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Export } from "../parts/export.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty, Failure } from "../parts/notice.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import type { Column } from "../parts/virtual-list.tsx";
import { href, place, setQuery } from "../router.ts";
import { usePages } from "../use-pages.ts";
import { number } from "../words.ts";

type Message = components["schemas"]["WhatsAppMessage"];

/** What was sent on WhatsApp, and what became of it: "why did nothing come?" */
export function WhatsApp() {
  const user_id = place.value.query.get("user_id") ?? "";
  const query = { limit: 100, ...(user_id !== "" && { user_id }) };
  const rows = () => api.value.list("/whatsapp/messages", { params: { query } });
  const pages = usePages<Message>(user_id, rows);
  return (
    <section class="fill">
      <h1>WhatsApp</h1>
      <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <label>
          User
          <input
            name="user_id"
            autocomplete="off"
            placeholder="whatsapp:+15551234567"
            value={user_id}
            onChange={(event) => setQuery({ user_id: event.currentTarget.value.trim() })}
          />
        </label>
      </form>
      <div class="bar">
        <span class="faint" role="status">
          {number(pages.rows.length)}
          {pages.isComplete ? " messages sent" : " messages so far; scroll for more"}
        </span>
        {user_id !== "" && (
          <a href={href(["sessions"], { user_id })}>What was said: the user's sessions</a>
        )}
        <Export name="whatsapp" rows={rows} />
      </div>
      {pages.error && <Failure error={pages.error} retry={pages.reload} />}
      {pages.isComplete && pages.rows.length === 0 && !pages.error ? (
        <Empty>No message was sent.</Empty>
      ) : (
        <VirtualList label="Messages" columns={COLUMNS} pages={pages} />
      )}
      <Curl step={{ method: "GET", path: "/whatsapp/messages", query }} />
    </section>
  );
}

const COLUMNS: readonly Column<Message>[] = [
  {
    name: "User",
    width: "minmax(0, 2fr)",
    cell: ({ user_id }) => <a href={href(["whatsapp"], { user_id })}>{user_id}</a>,
  },
  { name: "Status", width: "6.5rem", cell: ({ status }) => <Badge>{status}</Badge> },
  {
    name: "Why",
    width: "minmax(0, 3fr)",
    wide: true,
    cell: ({ error, error_code }) =>
      error_code === null ? null : `${error_code}: ${error ?? "not known here"}`,
  },
  { name: "Part", width: "3rem", wide: true, cell: ({ part }) => number(part) },
  { name: "Tries", width: "3rem", wide: true, cell: ({ attempts }) => number(attempts) },
  {
    name: "Answers",
    width: "minmax(0, 2fr)",
    wide: true,
    cell: ({ reply_to }) => <code>{reply_to}</code>,
  },
  {
    name: "Changed",
    width: "8.7rem",
    wide: true,
    cell: ({ updated_at }) => <Moment at={updated_at} />,
  },
];

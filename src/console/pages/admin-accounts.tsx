import { useState } from "preact/hooks";

import type { components } from "../../client/index.ts";
import { api, signedIn } from "../auth.ts";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Export } from "../parts/export.tsx";
import { Moment } from "../parts/moment.tsx";
import { Failure } from "../parts/notice.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import type { Column } from "../parts/virtual-list.tsx";
import { go, href } from "../router.ts";
import { usePages } from "../use-pages.ts";
import { bytes, count, number } from "../words.ts";
import { EditAccount } from "./admin-account-edit.tsx";

type Account = components["schemas"]["Account"];

const rows = () => api.value.list("/admin/accounts", { params: { query: { limit: 100 } } });

/** Every account: its size, its limits, and when it is due. */
export function Accounts() {
  const pages = usePages<Account>("accounts", rows);
  const [edited, setEdited] = useState<Account | null>(null);
  return (
    <>
      <div class="bar">
        <span class="faint" role="status">
          {count(pages.rows.length, "account")}
          {pages.isComplete ? "" : " so far; scroll for more"}
        </span>
        <Export name="accounts" rows={rows} />
      </div>
      {pages.error && <Failure error={pages.error} retry={pages.reload} />}
      <div class="bounded">
        <VirtualList label="Accounts" columns={[...COLUMNS, editing(setEdited)]} pages={pages} />
      </div>
      <Curl step={{ method: "GET", path: "/admin/accounts", query: { limit: 100 } }} />
      {edited && (
        <EditAccount
          account={edited}
          onClose={(changed) => {
            setEdited(null);
            if (changed) pages.reload();
          }}
        />
      )}
    </>
  );
}

/** Looks at another account with the same key. */
function lookAt(account: string): void {
  const session = signedIn.value;
  if (!session) return;
  signedIn.value = { ...session, account };
  go(href(["overview"]));
}

const editing = (edit: (account: Account) => void): Column<Account> => ({
  name: "",
  width: "4.5rem",
  cell: (account) => (
    <button
      type="button"
      class="link"
      aria-label={`Edit ${account.account_id}`}
      onClick={() => edit(account)}
    >
      Edit
    </button>
  ),
});

const COLUMNS: readonly Column<Account>[] = [
  {
    name: "Account",
    width: "minmax(0, 2fr)",
    cell: ({ account_id }) => (
      <button type="button" class="link" onClick={() => lookAt(account_id)}>
        {account_id}
      </button>
    ),
  },
  { name: "Sessions", width: "5.5rem", wide: true, cell: ({ sessions }) => number(sessions) },
  {
    name: "Archived",
    width: "5.5rem",
    wide: true,
    cell: ({ archived_sessions }) => number(archived_sessions),
  },
  {
    name: "Turns",
    width: "6rem",
    wide: true,
    cell: ({ turns }) => (turns === null ? <Badge tone="bad">no answer</Badge> : number(turns)),
  },
  {
    name: "Stored",
    width: "9rem",
    wide: true,
    cell: ({ quotas }) =>
      quotas === null
        ? "–"
        : `${bytes(quotas.stored_bytes.used)}${quotas.stored_bytes.limit === null ? "" : ` of ${bytes(quotas.stored_bytes.limit)}`}`,
  },
  {
    name: "Hold",
    width: "6rem",
    wide: true,
    cell: ({ hold }) => hold !== null && <Badge tone="warn">on hold</Badge>,
  },
  {
    name: "Last active",
    width: "8.7rem",
    cell: ({ last_active_at }) => <Moment at={last_active_at} />,
  },
  {
    name: "Due",
    width: "8.7rem",
    wide: true,
    cell: ({ next_due_at }) => <Moment at={next_due_at} />,
  },
];

import { unwrap } from "../../client/index.ts";
import type { components } from "../../client/index.ts";
import { api } from "../auth.ts";
import { useAction } from "../parts/action-dialog.tsx";
import type { Action } from "../parts/action-dialog.tsx";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Export } from "../parts/export.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty, Failure } from "../parts/notice.tsx";
import { ShowMore } from "../parts/show-more.tsx";
import { VirtualList } from "../parts/virtual-list.tsx";
import type { Column } from "../parts/virtual-list.tsx";
import { usePages } from "../use-pages.ts";
import { bytes, count, number } from "../words.ts";
import { RunState } from "./run-state.tsx";

type Letter = components["schemas"]["DeadLetter"];
type Run = components["schemas"]["CronRun"];

const query = { limit: 100 };
const letters = () => api.value.list("/admin/dead-letters", { params: { query } });
const runs = () => api.value.list("/admin/cron-runs", { params: { query } });

/** Jobs that were given up, and what the crons did. */
export const Jobs = () => (
  <>
    <DeadLetters />
    <CronRuns />
  </>
);

function DeadLetters() {
  const pages = usePages<Letter>("dead letters", letters);
  const [dialog, setAction] = useAction(() => pages.reload());
  const { rows } = pages;
  return (
    <>
      <div class="bar">
        <h2>Dead letters</h2>
        {rows.length > 0 && (
          <>
            <button type="button" onClick={() => setAction(retry(rows))}>
              Retry all that are loaded
            </button>
            <button type="button" class="danger" onClick={() => setAction(drop(rows))}>
              Drop all that are loaded
            </button>
          </>
        )}
        <Export name="dead-letters" rows={letters} />
      </div>
      {pages.error && <Failure error={pages.error} retry={pages.reload} />}
      {pages.isComplete && rows.length === 0 && !pages.error && (
        <Empty>No job was given up in the last 30 days.</Empty>
      )}
      <ul class="cards">
        {rows.map((letter) => (
          <li key={letter.id}>
            <h3>
              {letter.type} of {letter.account_id ?? "no account"}
              {letter.user_id !== null && `, user ${letter.user_id}`}
            </h3>
            <p dir="auto">{letter.reason ?? "The reason is not known."}</p>
            <p class="faint">
              failed first <Moment at={letter.failed_at} isExact />, given up{" "}
              <Moment at={letter.dead_at} isExact />; the log has it under{" "}
              <code>{letter.request_id ?? "no request"}</code>
            </p>
            <div class="bar">
              <button type="button" onClick={() => setAction(retry([letter]))}>
                Retry
              </button>
              <button type="button" class="danger" onClick={() => setAction(drop([letter]))}>
                Drop
              </button>
            </div>
          </li>
        ))}
      </ul>
      {!pages.isComplete && !pages.error && rows.length > 0 && (
        <ShowMore isLoading={pages.isLoading} onMore={pages.more} />
      )}
      <Curl step={{ method: "GET", path: "/admin/dead-letters", query }} />
      {dialog}
    </>
  );
}

const retry = (some: readonly Letter[]): Action => ({
  title: `Retry ${count(some.length, "job")}`,
  verb: "Retry",
  preview: async () => (
    <p>
      {some.length === 1 ? "The job goes" : "The jobs go"} back to the queue. What was done of{" "}
      {some.length === 1 ? "it" : "them"} already is not done twice.
    </p>
  ),
  steps: some.map(({ id }) => ({
    name: id,
    request: {
      method: "POST",
      path: "/admin/dead-letters/{dead_letter_id}/retry",
      params: { dead_letter_id: id },
    },
    run: async () => {
      const path = { dead_letter_id: id };
      await unwrap(
        api.value.POST("/admin/dead-letters/{dead_letter_id}/retry", { params: { path } }),
      );
      return "queued again";
    },
  })),
});

const drop = (some: readonly Letter[]): Action => ({
  title: `Drop ${count(some.length, "job")}`,
  verb: "Drop",
  isDangerous: true,
  preview: async () => <p>What {some.length === 1 ? "it" : "they"} left undone stays undone.</p>,
  steps: some.map(({ id }) => ({
    name: id,
    request: {
      method: "DELETE",
      path: "/admin/dead-letters/{dead_letter_id}",
      params: { dead_letter_id: id },
    },
    run: async () => {
      const path = { dead_letter_id: id };
      await unwrap(api.value.DELETE("/admin/dead-letters/{dead_letter_id}", { params: { path } }));
      return "dropped";
    },
  })),
});

function CronRuns() {
  const pages = usePages<Run>("cron runs", runs);
  return (
    <>
      <div class="bar">
        <h2>Runs of the crons</h2>
        <Export name="cron-runs" rows={runs} />
      </div>
      {pages.error && <Failure error={pages.error} retry={pages.reload} />}
      {pages.isComplete && pages.rows.length === 0 && !pages.error ? (
        <Empty>No cron ran yet.</Empty>
      ) : (
        <div class="bounded">
          <VirtualList label="Runs of the crons" columns={COLUMNS} pages={pages} />
        </div>
      )}
      <RunFailures runs={pages.rows} />
      <Curl step={{ method: "GET", path: "/admin/cron-runs", query }} />
    </>
  );
}

/** The jobs that failed, of the runs that are loaded. */
function RunFailures({ runs: all }: { runs: readonly Run[] }) {
  const failed = all.filter(({ failures, error }) => failures.length > 0 || error !== null);
  return (
    <>
      {failed.map(({ id, errand, started_at, error, failures }) => (
        <details key={id}>
          <summary>
            {errand}, <Moment at={started_at} />:{" "}
            {error === null ? `${count(failures.length, "account")} with failed jobs` : error}
          </summary>
          <ul>
            {failures.map(({ account_id, reason, at }) => (
              <li key={account_id}>
                <strong>{account_id}</strong> <span dir="auto">{reason}</span>{" "}
                <span class="faint">
                  <Moment at={at} isExact />; a retry may have done it since
                </span>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </>
  );
}

const COLUMNS: readonly Column<Run>[] = [
  {
    name: "Run",
    width: "minmax(5.7rem, 1.4fr)",
    cell: ({ errand }) => (errand === "sweep" ? "purge" : "maintenance"),
  },
  { name: "Began", width: "8.7rem", cell: ({ started_at }) => <Moment at={started_at} /> },
  { name: "State", width: "6rem", cell: (run) => <RunState run={run} /> },
  { name: "Accounts", width: "6rem", wide: true, cell: ({ accounts }) => number(accounts) },
  {
    name: "Archived",
    width: "9rem",
    wide: true,
    cell: ({ sessions, bytes: size }) =>
      sessions === 0 ? "nothing" : `${number(sessions)} in ${bytes(size)}`,
  },
  {
    name: "Errors",
    width: "5rem",
    // The state is red where there are some, and they are listed below.
    wide: true,
    cell: ({ errors, failures }) =>
      errors + failures.length === 0 ? (
        "none"
      ) : (
        <Badge tone="bad">{number(errors + failures.length)}</Badge>
      ),
  },
];

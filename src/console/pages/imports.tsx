import { unwrap } from "../../client/index.ts";
import type { components } from "../../client/index.ts";
import { api, may } from "../auth.ts";
import { useAction } from "../parts/action-dialog.tsx";
import type { Action } from "../parts/action-dialog.tsx";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Export } from "../parts/export.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty, Failure } from "../parts/notice.tsx";
import { ShowMore } from "../parts/show-more.tsx";
import { usePages } from "../use-pages.ts";
import { usePolling } from "../use-polling.ts";
import { count, number } from "../words.ts";

type Import = Extract<components["schemas"]["Import"], { import_id: string }>;

const query = { limit: 100 };

async function* rows(): AsyncGenerator<Import> {
  for await (const each of api.value.list("/imports", { params: { query } }))
    if ("import_id" in each) yield each;
}

/** What was imported, how far, what was not taken, and why. */
export function Imports() {
  const pages = usePages<Import>("imports", rows);
  const [dialog, setAction] = useAction(() => pages.reload());
  const isUnderWay = pages.rows.some(({ status }) => status === "running" || status === "undoing");
  usePolling(isUnderWay, pages.refresh);
  return (
    <>
      {pages.error && <Failure error={pages.error} retry={pages.reload} />}
      {pages.isComplete && pages.rows.length === 0 && !pages.error && (
        <Empty>
          Nothing was imported. <code>npm run transfer</code> imports from files, databases and
          other programs.
        </Empty>
      )}
      {pages.rows.length > 0 && (
        <div class="bar">
          <Export name="imports" rows={rows} />
        </div>
      )}
      <ul class="cards">
        {pages.rows.map((each) => (
          <Report key={each.import_id} report={each} read_at={Date.now()} onAction={setAction} />
        ))}
      </ul>
      {!pages.isComplete && !pages.error && pages.rows.length > 0 && (
        <ShowMore isLoading={pages.isLoading} onMore={pages.more} />
      )}
      <Curl step={{ method: "GET", path: "/imports", query }} />
      {dialog}
    </>
  );
}

function Report({
  report,
  read_at,
  onAction,
}: {
  report: Import;
  read_at: number;
  onAction: (action: Action) => void;
}) {
  const {
    import_id,
    status,
    lines,
    sessions,
    turns,
    created,
    replaced,
    merged,
    unchanged,
    skipped,
  } = report;
  const { problems, problem_count, created_at, not_taken } = report;
  const { not_exported, not_exported_count } = report;
  const left = Object.entries(skipped).filter(([, each]) => each > 0);
  const seconds = Math.max(1, (read_at - Date.parse(created_at)) / 1_000);
  return (
    <li>
      <h2>{import_id}</h2>
      <p>
        <Badge>{status}</Badge> begun <Moment at={created_at} />: {count(lines, "line")},{" "}
        {count(sessions, "session")}, {count(turns, "turn")}
        {status === "running" && `; ${number(Math.round(lines / seconds))} lines a second`}
      </p>
      {status === "running" && <progress aria-label="The import is under way" />}
      <dl class="facts">
        {Object.entries({ created, replaced, merged, unchanged }).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{number(value)}</dd>
          </div>
        ))}
        {left.map(([name, value]) => (
          <div key={name}>
            <dt>not taken: {name}</dt>
            <dd>{number(value)}</dd>
          </div>
        ))}
      </dl>
      {problem_count > 0 && (
        <details>
          <summary>{count(problem_count, "problem")}</summary>
          <ul>
            {problems.map(({ line, message }) => (
              <li key={line}>
                Line {number(line)}: <span dir="auto">{message}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {not_taken.length > 0 && (
        <details>
          <summary>{count(not_taken.length, "session")} not taken</summary>
          <ul class="columns">
            {not_taken.map(({ session_id, code }) => (
              <li key={session_id}>
                {session_id} <span class="faint">{code}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {not_exported_count > 0 && (
        <details>
          <summary>{count(not_exported_count, "session")} not in the export</summary>
          <ul class="columns">
            {not_exported.map(({ session_id, code }) => (
              <li key={session_id}>
                {session_id} <span class="faint">{code}</span>
              </li>
            ))}
            {not_exported_count > not_exported.length && (
              <li class="faint">and {number(not_exported_count - not_exported.length)} more</li>
            )}
          </ul>
        </details>
      )}
      {may("manage") && (
        <div class="bar">
          <button type="button" class="danger" onClick={() => onAction(undoImport(report))}>
            Undo
          </button>
        </div>
      )}
    </li>
  );
}

function undoImport({ import_id, created, merged }: Import): Action {
  const path = { import_id };
  return {
    title: `Undo ${import_id}`,
    verb: "Undo",
    isDangerous: true,
    preview: async () => (
      <p>
        {count(created, "session")} that it made {created === 1 ? "is" : "are"} removed, and{" "}
        {count(merged, "session")} lose the turns that it added. What was said in them since stays.
        Held sessions stay.
      </p>
    ),
    steps: [
      {
        name: import_id,
        request: { method: "DELETE", path: "/imports/{import_id}", params: path },
        run: async () => {
          const total = { sessions: 0, turns: 0 };
          for (;;) {
            const step = await unwrap(
              api.value.DELETE("/imports/{import_id}", { params: { path } }),
            );
            total.sessions += step.sessions;
            total.turns += step.turns;
            if (step.complete || step.sessions + step.trimmed === 0)
              return `${count(total.sessions, "session")} and ${count(total.turns, "turn")} removed${step.kept.length > 0 ? `; ${number(step.kept.length)} kept` : ""}`;
          }
        },
      },
    ],
  };
}

import { unwrap } from "../../client/index.ts";
import type { components } from "../../client/index.ts";
import { api } from "../auth.ts";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Moment } from "../parts/moment.tsx";
import { Loading } from "../parts/notice.tsx";
import { href } from "../router.ts";
import { useLoad } from "../use-load.ts";
import { count, duration, number } from "../words.ts";
import { RunState } from "./run-state.tsx";

/** How the deployment does: what answers, what waits, and which models are not asked for a while. */
export function Deployment() {
  const health = useLoad("deployment", async () => {
    // 503 has the same body: something that it needs is down, and that is what there is to see.
    const call = api.value.GET("/health/detailed");
    const { data, error, response } = await call;
    const found = data ?? (response.status === 503 && error && "checks" in error ? error : null);
    return found ?? unwrap(call);
  });
  return (
    <section class="deployment" aria-label="The deployment">
      <Loading of={health}>
        {({ status, checks, counts }) => {
          const bad = checks.filter((check) => check.status !== "up");
          return (
            <>
              <p>
                The deployment is <Badge>{status}</Badge>
                {counts && (
                  <>
                    ;{" "}
                    {counts.jobs_waiting === 0
                      ? "no job waits"
                      : count(counts.jobs_waiting, "job waits", "jobs wait")}
                    {counts.oldest_job_at !== null && (
                      <>
                        , the oldest since <Moment at={counts.oldest_job_at} />
                      </>
                    )}
                    .
                  </>
                )}
              </p>
              {bad.map(({ name, status: state, detail, since }) => (
                <p class={state === "down" ? "notice bad" : "notice warn"} key={name}>
                  <strong>{name}</strong> {detail} <span class="faint">since</span>{" "}
                  <Moment at={since} />
                </p>
              ))}
              <details>
                <summary>All {checks.length} checks</summary>
                <ul class="checks">
                  {checks.map(({ name, status: state, latency_ms, detail }) => (
                    <li key={name}>
                      <Badge>{state}</Badge> <strong>{name}</strong>{" "}
                      <span class="faint">
                        {duration(latency_ms)} {detail}
                      </span>
                    </li>
                  ))}
                </ul>
              </details>
            </>
          );
        }}
      </Loading>
      <Curl step={{ method: "GET", path: "/health/detailed" }} />
      <Operations />
    </section>
  );
}

/** What is not asked for a while, what was given up, and what the crons did last. */
function Operations() {
  const operations = useLoad("operations", () => unwrap(api.value.GET("/admin/operations")));
  return (
    <>
      <Loading of={operations}>
        {({ circuits, dead_letters, failing_maintenance, cron_runs }) => (
          <>
            {circuits.map(({ name, failures, until }) => (
              <p class="notice warn" key={name}>
                <strong>{name}</strong> failed {number(failures)} times in a row, and is asked again{" "}
                <Moment at={until} />.
              </p>
            ))}
            {dead_letters > 0 && (
              <p class="notice bad">
                <a href={href(["admin"], { tab: "jobs" })}>
                  {count(dead_letters, "job was given up", "jobs were given up")}
                </a>
                , and can be retried.
              </p>
            )}
            {failing_maintenance.map(({ account_id, since, errors, failed_steps }) => (
              <p class="notice warn" key={account_id}>
                The maintenance of <strong>{account_id}</strong> has had errors since{" "}
                <Moment at={since} />: {number(errors)} at the last ({failed_steps.join(", ")}). The
                log names the objects.
              </p>
            ))}
            <LastRuns runs={cron_runs} />
          </>
        )}
      </Loading>
      <Curl step={{ method: "GET", path: "/admin/operations" }} />
    </>
  );
}

/** The last run of each cron. */
function LastRuns({ runs }: { runs: readonly components["schemas"]["CronRun"][] }) {
  const last = (["sweep", "maintain"] as const).flatMap(
    (errand) => runs.find((run) => run.errand === errand) ?? [],
  );
  return (
    <p>
      {last.length === 0 && "No cron ran yet. "}
      {last.map((run) => (
        <span key={run.id}>
          The last {run.errand === "sweep" ? "purge" : "maintenance"} began{" "}
          <Moment at={run.started_at} />: <RunState run={run} />{" "}
        </span>
      ))}
      <a href={href(["admin"], { tab: "jobs" })}>All runs</a>
    </p>
  );
}

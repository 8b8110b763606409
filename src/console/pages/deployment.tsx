import { unwrap } from "../../client/index.ts";
import { api } from "../auth.ts";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Moment } from "../parts/moment.tsx";
import { Loading } from "../parts/notice.tsx";
import { useLoad } from "../use-load.ts";
import { count, duration } from "../words.ts";

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
    </section>
  );
}

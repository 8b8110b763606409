import { unwrap } from "../../client/index.ts";
import { api, may } from "../auth.ts";
import { Curl } from "../parts/curl-of.tsx";
import { Loading } from "../parts/notice.tsx";
import { href } from "../router.ts";
import { useLoad } from "../use-load.ts";
import { bytes, count, day, number } from "../words.ts";

/** What the next purge takes, by a dry run, and the live sessions by the day of their last turn. */
export function DuePurge() {
  return (
    <>
      <h2>Tonight's purge</h2>
      {may("manage") ? <DryRun /> : <p class="faint">The key needs the scope manage to try it.</p>}
    </>
  );
}

function DryRun() {
  const due = useLoad("due", () => unwrap(api.value.POST("/purge", { body: { dry_run: true } })));
  return (
    <>
      <Loading of={due}>
        {(found) =>
          "would_delete" in found ? (
            <>
              <p>
                It would archive <strong>{count(found.would_delete, "session")}</strong> (
                {bytes(found.bytes)}): {found.reason}.{" "}
                <a href={href(["retention"])}>The retention</a>
              </p>
              {found.first_sessions.length > 0 && (
                <details>
                  <summary>The first {number(found.first_sessions.length)}</summary>
                  <ul class="columns">
                    {found.first_sessions.map(({ session_id, reason, days }) => (
                      <li>
                        <a href={href(["session", session_id])}>{session_id}</a>{" "}
                        <span class="faint">
                          {reason}
                          {days !== null && `, ${number(days)} days`}
                        </span>
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </>
          ) : null
        }
      </Loading>
      <Curl step={{ method: "POST", path: "/purge", body: { dry_run: true } }} />
      <LastAccess />
    </>
  );
}

function LastAccess() {
  const stats = useLoad("last access", () => unwrap(api.value.GET("/storage-stats")));
  return (
    <Loading of={stats}>
      {({ last_accessed, last_accessed_earlier }) => {
        const days = Object.entries(last_accessed).toSorted(([a], [b]) => (a < b ? -1 : 1));
        const most = Math.max(1, last_accessed_earlier, ...days.map(([, sessions]) => sessions));
        const all: [string, number][] = [["earlier", last_accessed_earlier], ...days];
        return (
          <figure class="chart">
            <figcaption>Live sessions by the day of their last turn</figcaption>
            <ol class="histogram">
              {all.map(([name, sessions]) => {
                const words = name === "earlier" ? name : day(name);
                return (
                  <li key={name} title={`${words}: ${number(sessions)}`}>
                    <span class="column" style={{ height: `${(sessions / most) * 100}%` }} />
                    <span class="hidden">
                      {words}: {number(sessions)}
                    </span>
                  </li>
                );
              })}
            </ol>
            <p class="ends faint" aria-hidden="true">
              <span>earlier</span>
              <span>today</span>
            </p>
          </figure>
        );
      }}
    </Loading>
  );
}

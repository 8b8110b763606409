import { href } from "../router.ts";
import { bytes, count, day, number } from "../words.ts";
import type { Overview } from "./overview-data.ts";

/** What the next purge takes, and the live sessions by the day of their last turn. */
export function DuePurge({ due, storage }: Overview) {
  const { would_delete, reason, first_sessions } = due;
  return (
    <>
      <h2>Tonight's purge</h2>
      <p>
        It would archive <strong>{count(would_delete, "session")}</strong> ({bytes(due.bytes)}):{" "}
        {reason}. <a href={href(["retention"])}>The retention</a>
      </p>
      {first_sessions.length > 0 && (
        <details>
          <summary>The first {number(first_sessions.length)}</summary>
          <ul class="columns">
            {first_sessions.map(({ session_id, reason: why, days }) => (
              <li>
                <a href={href(["session", session_id])}>{session_id}</a>{" "}
                <span class="faint">
                  {why}
                  {days !== null && `, ${number(days)} days`}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <LastAccess {...storage} />
    </>
  );
}

function LastAccess({ last_accessed, last_accessed_earlier }: Overview["storage"]) {
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
}

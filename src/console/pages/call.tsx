import { unwrap } from "../../client/index.ts";
import { api, may } from "../auth.ts";
import { Badge } from "../parts/badge.tsx";
import { Copyable } from "../parts/copy.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Moment } from "../parts/moment.tsx";
import { Loading } from "../parts/notice.tsx";
import { Opened } from "../parts/opened.tsx";
import { PolicyEvents } from "../parts/policy-events.tsx";
import { href, place } from "../router.ts";
import { useLoad } from "../use-load.ts";
import { duration, number } from "../words.ts";
import { CallMismatch } from "./call-mismatch.tsx";
import { PastWindow } from "./past-window.tsx";

/** A call: what was sent and answered in OpenAI's form, and what policies did to it. */
export function CallPage() {
  const [, call_id = ""] = place.value.path;
  const path = { call_id };
  const call = useLoad(call_id, async () => {
    const [found, events] = await Promise.all([
      unwrap(api.value.GET("/calls/{call_id}", { params: { path } })),
      unwrap(api.value.GET("/calls/{call_id}/events", { params: { path } })),
    ]);
    return { found, events: events.data };
  });
  return (
    <section>
      <p class="trail">
        <a href={href(["calls"])}>Calls</a> /
      </p>
      <h1 dir="auto">{call_id}</h1>
      <Loading of={call}>
        {({
          found: {
            session_id,
            user_id,
            status,
            provider,
            model,
            usage,
            duration_ms,
            error,
            metadata,
            created_at,
          },
          events,
        }) => (
          <>
            <dl class="facts">
              <div>
                <dt>Status</dt>
                <dd>
                  <Badge>{status}</Badge>
                </dd>
              </div>
              <div>
                <dt>Model</dt>
                <dd>
                  {model === null ? "none" : provider === null ? model : `${provider}/${model}`}
                </dd>
              </div>
              <div>
                <dt>Session</dt>
                <dd>
                  {session_id === null ? (
                    "none: the journal"
                  ) : (
                    <a href={href(["session", session_id], { turn: call_id })}>{session_id}</a>
                  )}
                </dd>
              </div>
              <div>
                <dt>User</dt>
                <dd>{user_id ?? "none"}</dd>
              </div>
              <div>
                <dt>Tokens</dt>
                <dd>
                  {usage ? `${number(usage.input_tokens)} → ${number(usage.output_tokens)}` : "–"}
                </dd>
              </div>
              <div>
                <dt>Took</dt>
                <dd>{duration(duration_ms)}</dd>
              </div>
              <div>
                <dt>When</dt>
                <dd>
                  <Moment at={created_at} isExact />
                </dd>
              </div>
            </dl>
            {error && (
              <p class="notice bad">
                {error.message} <code>{error.code}</code>
              </p>
            )}
            {may("account") && <CallMismatch call_id={call_id} />}
            <h2>Policies</h2>
            <PolicyEvents call_id={call_id} />
            {may("account") && (
              <Opened title="What the model saw">{() => <PastWindow call_id={call_id} />}</Opened>
            )}
            <div class="side-by-side">
              {events.map(({ id, event_type, sequence, payload }) => (
                <section key={id} aria-label={event_type}>
                  <h2>
                    {event_type === "request"
                      ? "Request"
                      : event_type === "response"
                        ? "Response"
                        : `Chunk ${sequence}`}
                  </h2>
                  <Copyable text={JSON.stringify(payload, null, 2)} label={event_type} />
                </section>
              ))}
            </div>
            {metadata && (
              <>
                <h2>Metadata</h2>
                <Copyable text={JSON.stringify(metadata, null, 2)} label="Metadata" />
              </>
            )}
          </>
        )}
      </Loading>
      <Curl step={{ method: "GET", path: "/calls/{call_id}/events", params: path }} />
    </section>
  );
}

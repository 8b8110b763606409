import { unwrap } from "../../client/index.ts";
import { api, may } from "../auth.ts";
import { Curl } from "../parts/curl-of.tsx";
import { Export } from "../parts/export.tsx";
import { Moment } from "../parts/moment.tsx";
import { Loading } from "../parts/notice.tsx";
import { useLoad } from "../use-load.ts";

/** The session's state, and how often it was changed. */
export function SessionState({ session_id }: { session_id: string }) {
  const path = { session_id };
  const state = useLoad(session_id, async () => {
    const call = api.value.GET("/sessions/{session_id}/state", { params: { path } });
    const document = await unwrap(call);
    return { document, version: (await call).response.headers.get("etag") };
  });
  return (
    <>
      <Loading of={state}>
        {({ document, version }) => (
          <>
            <p>
              Version {version ?? "unknown"}. A change names it by <code>If-Match</code>, so that
              none is lost.
            </p>
            <pre tabIndex={0} aria-label="The state" dir="auto">
              {JSON.stringify(document, null, 2)}
            </pre>
          </>
        )}
      </Loading>
      <Curl step={{ method: "GET", path: "/sessions/{session_id}/state", params: path }} />
      {may("account") && <Versions session_id={session_id} />}
    </>
  );
}

/** Values that were overwritten while a legal hold was on. */
function Versions({ session_id }: { session_id: string }) {
  const query = { limit: 100 };
  const params = { path: { session_id }, query };
  const versions = useLoad(`versions ${session_id}`, () =>
    unwrap(api.value.GET("/sessions/{session_id}/versions", { params })),
  );
  const rows = () => api.value.list("/sessions/{session_id}/versions", { params });
  return (
    <>
      <div class="bar">
        <h2>Earlier versions</h2>
        <Export name="versions" rows={rows} />
      </div>
      <Loading of={versions}>
        {({ data, is_kept, has_more }) => (
          <>
            <p class="faint">
              {is_kept
                ? "A legal hold is on: each value that is overwritten is kept."
                : "Only the current state is kept. Under a legal hold, each value that is overwritten is kept, too."}
            </p>
            <ol class="versions">
              {data.map(({ id, name, value, replaced_at }) => (
                <li key={id}>
                  <p>
                    <strong>{name.replaceAll("_", " ")}</strong>, overwritten{" "}
                    <Moment at={replaced_at} />
                  </p>
                  <pre tabIndex={0} aria-label={`${name} before`} dir="auto">
                    {JSON.stringify(value, null, 2)}
                  </pre>
                </li>
              ))}
            </ol>
            {has_more && <p class="faint">There are more: the export has all of them.</p>}
          </>
        )}
      </Loading>
      <Curl
        step={{
          method: "GET",
          path: "/sessions/{session_id}/versions",
          params: { session_id },
          query,
        }}
      />
    </>
  );
}

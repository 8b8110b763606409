import { unwrap } from "../../client/index.ts";
import { api } from "../auth.ts";
import { Curl } from "../parts/curl-of.tsx";
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
    </>
  );
}

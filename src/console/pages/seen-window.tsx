import { unwrap } from "../../client/index.ts";
import { api } from "../auth.ts";
import { Curl } from "../parts/curl-of.tsx";
import { Loading } from "../parts/notice.tsx";
import { useLoad } from "../use-load.ts";
import { count, number } from "../words.ts";
import { WindowView } from "./window-view.tsx";

/** What a model would be shown with the next question, and why the rest is left out. */
export function SeenWindow({ session_id }: { session_id: string }) {
  const path = { session_id };
  const seen = useLoad(session_id, () =>
    unwrap(api.value.GET("/sessions/{session_id}/window", { params: { path } })),
  );
  return (
    <>
      <Loading of={seen}>
        {({ limits, tokens, summary, messages, considered }) => (
          <>
            <p>
              With the next question the model would see {count(messages.length, "message")}, about{" "}
              {number(tokens)} tokens. The window holds {number(limits.messages)} messages
              {limits.tokens === null ? "" : ` and ${number(limits.tokens)} tokens`}.
            </p>
            {summary && (
              <details open>
                <summary>Summary of what came before</summary>
                <p dir="auto">{summary.text}</p>
              </details>
            )}
            <WindowView messages={messages} considered={considered} />
          </>
        )}
      </Loading>
      <Curl step={{ method: "GET", path: "/sessions/{session_id}/window", params: path }} />
    </>
  );
}

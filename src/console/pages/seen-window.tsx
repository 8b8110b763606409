import { unwrap } from "../../client/index.ts";
import { api } from "../auth.ts";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Loading } from "../parts/notice.tsx";
import { useLoad } from "../use-load.ts";
import { count, number } from "../words.ts";

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
            <ol class="window">
              {messages.map(({ role, content }, index) => (
                <li key={index}>
                  <Badge>{role}</Badge> <span dir="auto">{content}</span>
                </li>
              ))}
            </ol>
            <h2>Considered</h2>
            <div
              class="scroll-x"
              tabIndex={0}
              role="region"
              aria-label="Messages that were considered"
            >
              <table>
                <thead>
                  <tr>
                    <th scope="col">Shown</th>
                    <th scope="col">Why</th>
                    <th scope="col">Who</th>
                    <th scope="col">Message</th>
                  </tr>
                </thead>
                <tbody>
                  {considered.map(({ id, role, content, shown, reason }) => (
                    <tr key={id}>
                      <td>
                        <Badge tone={shown ? "good" : "calm"}>{shown ? "shown" : "left out"}</Badge>
                      </td>
                      <td>{reason.replaceAll("_", " ")}</td>
                      <td>{role}</td>
                      <td dir="auto">{content}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
      </Loading>
      <Curl step={{ method: "GET", path: "/sessions/{session_id}/window", params: path }} />
    </>
  );
}

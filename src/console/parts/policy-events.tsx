import { unwrap } from "../../client/index.ts";
import type { components } from "../../client/index.ts";
import { api } from "../auth.ts";
import { useLoad } from "../use-load.ts";
import { Badge } from "./badge.tsx";
import { Curl } from "./curl-of.tsx";
import { Diff } from "./diff.tsx";
import { Empty, Loading } from "./notice.tsx";

type PolicyEvent = components["schemas"]["PolicyEvent"];

/** What each policy did to a call: the text before and after, and what a judge decided and why. */
export function PolicyEvents({ call_id }: { call_id: string }) {
  const path = { call_id };
  const events = useLoad(call_id, () =>
    unwrap(api.value.GET("/calls/{call_id}/policy-events", { params: { path } })),
  );
  return (
    <>
      <Loading of={events}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty>No policy had a say in this call.</Empty>
          ) : (
            <ol class="plain-list">
              {data.map((event) => (
                <EventView key={event.id} event={event} />
              ))}
            </ol>
          )
        }
      </Loading>
      <Curl step={{ method: "GET", path: "/calls/{call_id}/policy-events", params: path }} />
    </>
  );
}

function EventView({ event }: { event: PolicyEvent }) {
  const { policy_class, event_type, sequence, original, modified, policy_config } = event;
  const { probability, explanation } = (event.metadata ?? {}) as {
    probability?: number;
    explanation?: string;
  };
  return (
    <li class="policy">
      <p>
        <strong>{policy_class}</strong> <Badge>{event_type}</Badge>{" "}
        <span class="faint">on the {sequence === 0 ? "request" : "response"}</span>
      </p>
      {(probability !== undefined || explanation !== undefined) && (
        <p>
          {probability !== undefined && (
            <>
              <meter
                min={0}
                max={1}
                low={0.4}
                high={0.8}
                optimum={0}
                value={probability}
                aria-label="Probability"
              />{" "}
              {Math.round(probability * 100)} %{" "}
            </>
          )}
          <span dir="auto">{explanation}</span>
        </p>
      )}
      {original !== null && modified !== null ? (
        <Diff before={original} after={modified} />
      ) : (
        (original ?? modified) && <blockquote dir="auto">{original ?? modified}</blockquote>
      )}
      <details class="folded">
        <summary>Its settings</summary>
        <pre tabIndex={0} aria-label="Settings of the policy">
          {JSON.stringify(policy_config, null, 2)}
        </pre>
      </details>
    </li>
  );
}

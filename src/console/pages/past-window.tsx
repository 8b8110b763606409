import { unwrap } from "../../client/index.ts";
import type { components } from "../../client/index.ts";
import { api } from "../auth.ts";
import { Curl } from "../parts/curl-of.tsx";
import { Loading } from "../parts/notice.tsx";
import { useLoad } from "../use-load.ts";
import { count, number } from "../words.ts";
import { WindowView } from "./window-view.tsx";

type Past = components["schemas"]["CallWindow"];

/** What the model was shown at a call that is over, and what is not known of it. */
export function PastWindow({ call_id }: { call_id: string }) {
  const path = { call_id };
  const past = useLoad(`window ${call_id}`, () =>
    unwrap(api.value.GET("/calls/{call_id}/window", { params: { path } })),
  );
  return (
    <>
      <Loading of={past}>
        {(found) => (
          <>
            <p>
              {basisWords(found)} All of it is about {number(found.tokens)} tokens.
            </p>
            {unknownWords(found).map((words) => (
              <p class="notice warn" key={words}>
                {words}
              </p>
            ))}
            <WindowView {...found} />
          </>
        )}
      </Loading>
      <Curl step={{ method: "GET", path: "/calls/{call_id}/window", params: path }} />
    </>
  );
}

function basisWords({ basis, shown, limits }: Past): string {
  const today = `${number(limits.messages)} messages${limits.tokens === null ? "" : ` and ${number(limits.tokens)} tokens`}`;
  if (basis === "request") return "Another program made this call: its request says what was sent.";
  if (basis === "today")
    return `The turn does not record what was shown. By today's limits of ${today} it would be this.`;
  return `The turn records that ${count(shown ?? 0, "earlier message")} were shown. Today's limits are ${today}.`;
}

/** What cannot be told any more. */
function unknownWords({ is_same_today, is_complete, system, facts }: Past): string[] {
  const lost = facts.filter(({ state }) => state !== "kept").length;
  return [
    ...(is_same_today === false
      ? ["The assistant's limits were others then, and they are not kept: they explain the rest."]
      : []),
    ...(is_complete ? [] : ["Some messages that were shown then were deleted since."]),
    ...(system === "lost" ? ["The system message of then is not kept any more."] : []),
    ...(lost === 0
      ? []
      : [
          `Of ${count(facts.length, "fact")} of the user that the model was shown, ${number(lost)} were changed or erased since.`,
        ]),
  ];
}

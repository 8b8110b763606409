import { unwrap } from "../../client/index.ts";
import type { components } from "../../client/index.ts";
import { api, may } from "../auth.ts";
import { useAction } from "../parts/action-dialog.tsx";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Moment } from "../parts/moment.tsx";
import { Loading } from "../parts/notice.tsx";
import { Tabs, chosenTab } from "../parts/tabs.tsx";
import { href, place } from "../router.ts";
import { sessionActions } from "../session-actions.tsx";
import { useLoad } from "../use-load.ts";
import { count } from "../words.ts";
import { Conversation } from "./conversation.tsx";
import { SeenWindow } from "./seen-window.tsx";
import { SessionState } from "./session-state.tsx";

type Session = components["schemas"]["Session"];

const TABS = { "": "Conversation", window: "What the model sees", state: "State" };

export function SessionPage() {
  const [, session_id = ""] = place.value.path;
  const session = useLoad(session_id, () =>
    unwrap(api.value.GET("/sessions/{session_id}", { params: { path: { session_id } } })),
  );
  return (
    <section>
      <p class="trail">
        <a href={href(["sessions"])}>Sessions</a> /
      </p>
      <h1 dir="auto">{session_id}</h1>
      <Loading of={session}>{(found) => <Found session={found} reload={session.reload} />}</Loading>
    </section>
  );
}

function Found({ session, reload }: { session: Session; reload: () => void }) {
  const [dialog, setAction] = useAction(() => reload());
  const tab = chosenTab();
  const { session_id, status } = session;
  return (
    <>
      <Facts session={session} />
      {may("manage") && (
        <div class="bar">
          {sessionActions([session])
            .filter(({ steps }) => steps.length > 0)
            .map((each) => (
              <button
                type="button"
                class={each.isDangerous ? "danger" : ""}
                onClick={() => setAction(each)}
              >
                {each.verb}
              </button>
            ))}
        </div>
      )}
      <Tabs label="Of this session" titles={TABS}>
        {tab === "window" ? (
          <SeenWindow session_id={session_id} />
        ) : tab === "state" ? (
          <SessionState session_id={session_id} />
        ) : (
          <Conversation
            session_id={session_id}
            isLive={status === "live"}
            assistant={session.assistant}
            onAnswered={reload}
          />
        )}
      </Tabs>
      <Curl step={{ method: "GET", path: "/sessions/{session_id}", params: { session_id } }} />
      {dialog}
    </>
  );
}

function Facts({ session }: { session: Session }) {
  const { status, pinned, hold, user_id, assistant, turns, created_at, last_accessed_at } = session;
  return (
    <>
      <dl class="facts">
        <div>
          <dt>State</dt>
          <dd>
            <Badge>{status}</Badge> {pinned && <Badge tone="good">pinned</Badge>}{" "}
            {hold !== null && <Badge tone="warn">on hold</Badge>}
          </dd>
        </div>
        <div>
          <dt>User</dt>
          <dd>
            {user_id === null ? "none" : <a href={href(["sessions"], { user_id })}>{user_id}</a>}
          </dd>
        </div>
        <div>
          <dt>Assistant</dt>
          <dd>{assistant}</dd>
        </div>
        <div>
          <dt>Turns</dt>
          <dd>
            <a href={href(["calls"], { session_id: session.session_id })}>{count(turns, "turn")}</a>
          </dd>
        </div>
        <div>
          <dt>Began</dt>
          <dd>
            <Moment at={created_at} isExact />
          </dd>
        </div>
        <div>
          <dt>Last turn</dt>
          <dd>
            <Moment at={last_accessed_at} isExact />
          </dd>
        </div>
        {Object.entries(session.metadata).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
      </dl>
      {hold !== null && <p class="notice warn">Legal hold: {hold}</p>}
      {session.facts.length > 0 && (
        <p class="faint">The model is always told: {session.facts.join(" · ")}</p>
      )}
    </>
  );
}

import { useEffect, useRef, useState } from "preact/hooks";

import type { components } from "../../client/index.ts";
import { api, may } from "../auth.ts";
import { Badge } from "../parts/badge.tsx";
import { ContentView } from "../parts/content.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Export } from "../parts/export.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty, Failure } from "../parts/notice.tsx";
import { Opened } from "../parts/opened.tsx";
import { PolicyEvents } from "../parts/policy-events.tsx";
import { ShowMore } from "../parts/show-more.tsx";
import { href, place } from "../router.ts";
import { duration, number } from "../words.ts";
import { PastWindow } from "./past-window.tsx";
import { TalkBox } from "./talk-box.tsx";
import { NO_TURNS, TURNS_A_PAGE, around, earlier, later, newest } from "./loaded-turns.ts";
import type { LoadedTurns } from "./loaded-turns.ts";

type Turn = components["schemas"]["Turn"];
type Call = components["schemas"]["Call"];

/** The newest turns or those around one, and more when they are asked for: a session may have ten thousand. */
export function Conversation({
  session_id,
  isLive,
  assistant,
  onAnswered,
}: {
  session_id: string;
  isLive: boolean;
  assistant: string;
  /** The session has one turn more, and is live if it was archived. */
  onAnswered: () => void;
}) {
  const [loaded, setLoaded] = useState<LoadedTurns>(NO_TURNS);
  const [isLoading, setLoading] = useState(true);
  const [error, setError] = useState<Error | null>(null);
  const session = { session_id, isLive };
  const marked = place.value.query.get("turn");
  const read = async (reading: Promise<LoadedTurns>) => {
    setLoading(true);
    try {
      setLoaded(await reading);
      setError(null);
    } catch (failed) {
      setError(failed as Error);
    } finally {
      setLoading(false);
    }
  };
  const begin = () => void read(marked === null ? newest(session) : around(session, marked));
  useEffect(begin, [session_id, marked]);
  const { turns, outcomes, hasEarlier, hasLater } = loaded;
  return (
    <>
      {error && <Failure error={error} retry={begin} />}
      {hasEarlier && (
        <ShowMore
          title="Show earlier turns"
          isLoading={isLoading}
          onMore={() => void read(earlier(session, loaded))}
        />
      )}
      {isLoading && turns.length === 0 && (
        <p class="faint" aria-busy="true">
          Loading…
        </p>
      )}
      {!isLoading && turns.length === 0 && !error && <Empty>Nothing was said yet.</Empty>}
      <ol class="turns">
        {turns.map((turn) => (
          <TurnView
            key={turn.call_id}
            turn={turn}
            outcome={outcomes.get(turn.call_id) ?? null}
            isMarked={turn.call_id === marked}
          />
        ))}
      </ol>
      {hasLater && (
        <ShowMore
          title="Show later turns"
          isLoading={isLoading}
          onMore={() => void read(later(session, loaded))}
        />
      )}
      {may("query") && (
        <TalkBox
          session_id={session_id}
          assistant={assistant}
          onAnswered={() => {
            void read(newest({ ...session, isLive: true }));
            onAnswered();
          }}
        />
      )}
      <div class="bar">
        <Export name="turns" rows={() => allTurns(session_id)} />
      </div>
      <Curl
        step={{
          method: "GET",
          path: "/sessions/{session_id}/turns",
          params: { session_id },
          query: { order: "desc", limit: TURNS_A_PAGE },
        }}
      />
    </>
  );
}

const allTurns = (session_id: string) =>
  api.value.list("/sessions/{session_id}/turns", {
    params: { path: { session_id }, query: { limit: 100, order: "asc" } },
  });

function TurnView({
  turn,
  outcome,
  isMarked,
}: {
  turn: Turn;
  outcome: Call["policy_outcome"];
  isMarked: boolean;
}) {
  const { call_id, status, model, usage, error, created_at, duration_ms } = turn;
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isMarked) row.current?.scrollIntoView({ block: "center" });
  }, [isMarked]);
  return (
    <li
      ref={row}
      class={isMarked ? "turn marked" : "turn"}
      aria-current={isMarked ? "true" : undefined}
    >
      <ContentView content={turn.input} role="user" />
      {turn.output !== null && <ContentView content={turn.output} role="assistant" />}
      {error && (
        <p class="notice bad">
          {error.message} <code>{error.code}</code>
        </p>
      )}
      <p class="about">
        <a href={href(["call", call_id])}>
          <Moment at={created_at} />
        </a>
        <span>{model ?? "no model"}</span>
        {usage && (
          <span>
            {number(usage.input_tokens)} → {number(usage.output_tokens)} tokens
          </span>
        )}
        <span>{duration(duration_ms)}</span>
        {status !== "completed" && <Badge>{status}</Badge>}
        {outcome && <Badge>{outcome}</Badge>}
      </p>
      {outcome && (
        <Opened title="What policies did">{() => <PolicyEvents call_id={call_id} />}</Opened>
      )}
      {may("account") && (
        <Opened title="What the model saw">{() => <PastWindow call_id={call_id} />}</Opened>
      )}
    </li>
  );
}

import { useEffect, useState } from "preact/hooks";

import { unwrap } from "../../client/index.ts";
import type { components } from "../../client/index.ts";
import { api, may } from "../auth.ts";
import { Badge } from "../parts/badge.tsx";
import { ContentView } from "../parts/content.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty, Failure } from "../parts/notice.tsx";
import { PolicyEvents } from "../parts/policy-events.tsx";
import { href, place } from "../router.ts";
import { duration, number } from "../words.ts";
import { TalkBox } from "./talk-box.tsx";

type Turn = components["schemas"]["Turn"];
type Call = components["schemas"]["Call"];

const PAGE = 50;

interface Loaded {
  /** The newest last. */
  turns: Turn[];
  /** Results of policies by call. */
  outcomes: Map<string, Call["policy_outcome"]>;
  hasEarlier: boolean;
}

/** The newest turns, and earlier ones when they are asked for: a session may have ten thousand. */
export function Conversation({
  session_id,
  isLive,
  assistant,
}: {
  session_id: string;
  isLive: boolean;
  assistant: string;
}) {
  const [loaded, setLoaded] = useState<Loaded>({
    turns: [],
    outcomes: new Map(),
    hasEarlier: false,
  });
  const [isLoading, setLoading] = useState(true);
  const [error, setError] = useState<Error | null>(null);
  const read = async (before: Loaded | null) => {
    setLoading(true);
    try {
      setLoaded(await readEarlier(session_id, isLive, before));
      setError(null);
    } catch (failed) {
      setError(failed as Error);
    } finally {
      setLoading(false);
    }
  };
  useEffect(() => {
    void read(null);
  }, [session_id]);
  const { turns, outcomes, hasEarlier } = loaded;
  const marked = place.value.query.get("turn");
  return (
    <>
      {error && <Failure error={error} retry={() => void read(null)} />}
      {hasEarlier && (
        <p class="center">
          <button type="button" disabled={isLoading} onClick={() => void read(loaded)}>
            {isLoading ? "Loading…" : "Show earlier turns"}
          </button>
        </p>
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
      {may("query") && (
        <TalkBox session_id={session_id} assistant={assistant} onAnswered={() => void read(null)} />
      )}
      <Curl
        step={{
          method: "GET",
          path: "/sessions/{session_id}/turns",
          params: { session_id },
          query: { order: "desc", limit: PAGE },
        }}
      />
    </>
  );
}

async function readEarlier(
  session_id: string,
  isLive: boolean,
  before: Loaded | null,
): Promise<Loaded> {
  const page = { limit: PAGE, order: "desc" as const };
  const after = before?.turns[0]?.call_id;
  const [turns, calls] = await Promise.all([
    unwrap(
      api.value.GET("/sessions/{session_id}/turns", {
        params: { path: { session_id }, query: { ...page, ...(after !== undefined && { after }) } },
      }),
    ),
    unwrap(
      api.value.GET("/calls", {
        params: {
          query: {
            session_id,
            ...page,
            ...(isLive ? {} : { archived: "true" as const }),
            ...(isLive && after !== undefined && { after }),
          },
        },
      }),
    ),
  ]);
  return {
    turns: [...turns.data.toReversed(), ...(before?.turns ?? [])],
    outcomes: new Map([
      ...(before?.outcomes ?? []),
      ...calls.data.map(({ call_id, policy_outcome }) => [call_id, policy_outcome] as const),
    ]),
    hasEarlier: turns.has_more,
  };
}

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
  return (
    <li class={isMarked ? "turn marked" : "turn"} aria-current={isMarked ? "true" : undefined}>
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
        <details class="folded">
          <summary>What policies did</summary>
          <PolicyEvents call_id={call_id} />
        </details>
      )}
    </li>
  );
}

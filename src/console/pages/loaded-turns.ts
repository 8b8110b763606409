import { unwrap } from "../../client/index.ts";
import type { components } from "../../client/index.ts";
import { api } from "../auth.ts";

type Turn = components["schemas"]["Turn"];
type Call = components["schemas"]["Call"];

export const TURNS_A_PAGE = 50;

/** Turns of a session that follow each other. */
export interface LoadedTurns {
  /** The newest last. */
  turns: Turn[];
  /** Results of policies by call. */
  outcomes: Map<string, Call["policy_outcome"]>;
  hasEarlier: boolean;
  hasLater: boolean;
}

export const NO_TURNS: LoadedTurns = {
  turns: [],
  outcomes: new Map(),
  hasEarlier: false,
  hasLater: false,
};

export interface SessionOf {
  session_id: string;
  isLive: boolean;
}

export async function newest(session: SessionOf): Promise<LoadedTurns> {
  const page = await read(session, "desc");
  return { ...page, hasEarlier: page.has_more, hasLater: false };
}

/** A turn with those around it. The newest, where the session has no such turn. */
export async function around(session: SessionOf, call_id: string): Promise<LoadedTurns> {
  const after = await read(session, "asc", call_id).catch(() => null);
  // Pages begin after a turn: this one ends with the turn that is looked for.
  const before = await read(session, "desc", after?.turns[0]?.call_id);
  return {
    ...joined(before, after ?? NO_TURNS),
    hasEarlier: before.has_more,
    hasLater: after?.has_more ?? false,
  };
}

export async function earlier(session: SessionOf, loaded: LoadedTurns): Promise<LoadedTurns> {
  const page = await read(session, "desc", loaded.turns[0]?.call_id);
  return { ...joined(page, loaded), hasEarlier: page.has_more, hasLater: loaded.hasLater };
}

export async function later(session: SessionOf, loaded: LoadedTurns): Promise<LoadedTurns> {
  const page = await read(session, "asc", loaded.turns.at(-1)?.call_id);
  return { ...joined(loaded, page), hasEarlier: loaded.hasEarlier, hasLater: page.has_more };
}

type Some = Pick<LoadedTurns, "turns" | "outcomes">;

const joined = (first: Some, then: Some): Some => ({
  turns: [...first.turns, ...then.turns],
  outcomes: new Map([...first.outcomes, ...then.outcomes]),
});

async function read(
  { session_id, isLive }: SessionOf,
  order: "asc" | "desc",
  after?: string,
): Promise<Some & { has_more: boolean }> {
  const page = { limit: TURNS_A_PAGE, order };
  const from = after === undefined ? {} : { after };
  const [turns, calls] = await Promise.all([
    unwrap(
      api.value.GET("/sessions/{session_id}/turns", {
        params: { path: { session_id }, query: { ...page, ...from } },
      }),
    ),
    unwrap(
      api.value.GET("/calls", {
        params: {
          query: { session_id, ...page, ...(isLive ? from : { archived: "true" as const }) },
        },
      }),
    ),
  ]);
  return {
    turns: order === "asc" ? turns.data : turns.data.toReversed(),
    outcomes: new Map(
      calls.data.map(({ call_id, policy_outcome }) => [call_id, policy_outcome] as const),
    ),
    has_more: turns.has_more,
  };
}

import { callId, isFirstTurn } from "../shared/ids.ts";
import { textOf } from "../shared/items.ts";
import { isoTime } from "../shared/time.ts";
import type { Turn } from "../shared/turn.ts";

/** The reply of `/query`. */
export interface Reply {
  success: true;
  response: string;
  session_id?: string;
  call_id?: string;
  /** The session began with this turn. */
  new_session?: true;
  /** The session came back from its archive for this turn. */
  restored?: true;
  /** The version of the session's state, after the turn's `state_patch`. */
  state_version?: number;
  /** The answer to an earlier, equal question. */
  cached?: true;
  /** A policy refused the turn; `response` holds its words. */
  blocked?: true;
  stored: boolean;
  model: string | null;
  usage?: { input_tokens: number; output_tokens: number };
  created_at: string;
}

/** The reply of a settled turn, from stored values only: a replay is the same byte for byte. */
export function replyOf(sessionId: string, turn: Omit<Turn, "input">): Reply {
  return {
    success: true,
    response: textOf(turn.output ?? "", "assistant"),
    session_id: sessionId,
    call_id: callId(turn.id),
    ...(isFirstTurn(turn.id) && { new_session: true as const }),
    ...(turn.extra.restored && { restored: true as const }),
    ...(turn.extra.state_version !== undefined && { state_version: turn.extra.state_version }),
    ...(turn.extra.cached && { cached: true as const }),
    ...(turn.extra.policy?.outcome === "blocked" && { blocked: true as const }),
    stored: true,
    model: turn.model,
    ...usageOf(turn),
    created_at: isoTime(turn.created_at),
  };
}

const usageOf = ({
  input_tokens,
  output_tokens,
}: Pick<Turn, "input_tokens" | "output_tokens">): Pick<Reply, "usage"> =>
  input_tokens === null || output_tokens === null ? {} : { usage: { input_tokens, output_tokens } };

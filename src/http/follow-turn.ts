import type { Piece } from "../openai/responses/response-pieces.ts";
import { piecesOf } from "../openai/responses/response-pieces.ts";
import { outputOf } from "../openai/responses/response.ts";
import type { Turn } from "../shared/turn.ts";
import type { RouteRequest } from "./route.ts";

/** News of a turn that another worker answers. */
interface TurnNews {
  turn: Turn;
  /** The next pieces of its answer. */
  pieces: Piece[];
  /** Whether the turn has ended. No more news comes then. */
  isOver: boolean;
}

/** The pieces of an answer that another request makes, or made: first those that there are, then the others as they come. */
export async function* followTurn(
  call: RouteRequest<never, unknown, unknown>["call"],
  turnId: number,
  isGone: () => boolean,
): AsyncGenerator<TurnNews, void> {
  let told = 0;
  for (let isOver = false; !isOver && !isGone();) {
    const from = told;
    const { turn, pieces } = await call((account, caller) =>
      account.responses.follow(caller, turnId, from),
    );
    isOver = turn.status !== "in_progress";
    const rest = isOver
      ? piecesOf(outputOf(turn), turn.extra.response?.pieces ?? []).slice(told)
      : pieces;
    told += rest.length;
    yield { turn, pieces: rest, isOver };
  }
}

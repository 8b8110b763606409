import { columnsOf } from "../../../shared/turn-parts.ts";
import type { Turn } from "../../../shared/turn.ts";

/**
 * What a turn's row holds of its question and its answer, and so what the search index is made of. Long texts that do not
 * lie in the row are not searched.
 */
export function storedTexts(
  turn: Pick<Turn, "input" | "output" | "extra">,
): [asked: string, answered: string | null] {
  const { input, output } = columnsOf(turn);
  return [input, output];
}

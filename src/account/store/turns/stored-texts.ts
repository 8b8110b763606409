import { encodeContent } from "../../../shared/items.ts";
import type { Turn } from "../../../shared/turn.ts";

/** What a turn's row holds of its question and its answer, and so what the search index is made of. */
export const storedTexts = ({
  input,
  output,
}: Pick<Turn, "input" | "output">): [asked: string, answered: string | null] => [
  encodeContent(input, "user"),
  output === null ? null : encodeContent(output, "assistant"),
];

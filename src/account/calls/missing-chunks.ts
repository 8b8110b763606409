import type { ExternalCall, Turn } from "../../shared/turn.ts";

type Chunks = NonNullable<ExternalCall["chunks"]>;

/** The numbers that are left out before the last chunk. @param chunks - in their order */
export function missingIn(chunks: Chunks): number[] {
  const present = new Set(chunks.map(({ index }) => index));
  const count = (chunks.at(-1)?.index ?? -1) + 1;
  return Array.from({ length: count }, (_none, index) => index).filter(
    (index) => !present.has(index),
  );
}

/** The chunks that a completed call lacks. While there are some, it keeps the others beside its response. */
export const missingChunks = ({ status, extra }: Pick<Turn, "status" | "extra">): number[] =>
  status === "completed" || status === "failed" ? missingIn(extra.call?.chunks ?? []) : [];

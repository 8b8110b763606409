import { isObject } from "../../../shared/json-merge-patch.ts";
import { jsonOr } from "../../../shared/stored-bounds.ts";
import { contentOf } from "../../../shared/turn-parts.ts";
import type { TurnPart } from "../../../shared/turn-parts.ts";
import { TURN_STATUSES } from "../../../shared/turn.ts";
import type { TurnStatus, TurnExtra, TurnText } from "../../../shared/turn.ts";
import { bytesIn } from "./turn-parts.ts";

export type TurnRow = {
  id: number;
  status: number;
  created_at: number;
  duration_ms: number | null;
  model: number | null;
  input_tokens: number | null;
  output_tokens: number | null;
  input: string;
  output: string | null;
  extra: string | null;
  shown: number | null;
  frame: number | null;
  parts: string | null;
};

export type SaidRow = Pick<TurnRow, "id" | "status" | "input" | "output" | "extra" | "parts">;

/** Long texts that are read together, in bytes: an object has 128 MB of memory. */
const READ_BYTES = 16 * 1024 * 1024;

/** The rows up to {@link READ_BYTES} of long texts, and one at least. */
export function within<T extends Pick<TurnRow, "parts">>(rows: T[]): T[] {
  let bytes = 0;
  const end = rows.findIndex(({ parts }, at) => {
    bytes += bytesIn(parts);
    return at > 0 && bytes > READ_BYTES;
  });
  return end < 0 ? rows : rows.slice(0, end);
}

export const saidOf = (
  { id, status, input, output, extra }: SaidRow,
  parts: TurnPart[],
): TurnText => ({
  id,
  status: TURN_STATUSES[status] as TurnStatus,
  input: contentOf(input, "input", parts),
  output: output === null ? null : contentOf(output, "output", parts),
  extra: extra === null ? {} : decodeExtra(extra),
});

/** Stored extra that cannot be read is kept as it is, with what else stood there before a repair. */
function decodeExtra(stored: string): TurnExtra {
  const extra = jsonOr(stored, null);
  return isExtra(extra) ? extra : { original: { extra: stored } };
}

const OBJECTS = ["error", "call", "policy", "response", "lease", "original"];

function isExtra(value: unknown): value is TurnExtra {
  if (!isObject(value)) return false;
  const { policy } = value;
  return (
    OBJECTS.every((name) => value[name] === undefined || isObject(value[name])) &&
    (!isObject(policy) || Array.isArray(policy["events"]))
  );
}

import { turnId } from "../../../shared/ids.ts";
import { settledView } from "../../../shared/turn.ts";
import type { Turns } from "../../store/turns/turns.ts";

/**
 * The last turn of a live session that a backup takes, and how many it takes. A turn in progress is not acknowledged yet.
 */
export function settledEnd(
  turns: Turns,
  key: number,
  now: number,
): { through: number; count: number } {
  const last = turns.last(key);
  if (!last) return { through: turnId(key, 0), count: 0 };
  const isOpen = settledView(last, now).status === "in_progress";
  const count = turns.count(key).turns - (isOpen ? 1 : 0);
  return { through: isOpen ? last.id - 1 : last.id, count };
}

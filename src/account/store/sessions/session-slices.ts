import { letOthersRun } from "../../../shared/let-others-run.ts";
import type { Database } from "../../../sqlite/database.ts";

/** Sessions that are looked at before other calls run. */
const SLICE_SESSIONS = 5_000;

/** Keys of sessions, from one to before another. */
export interface KeyRange {
  from: number;
  to: number;
}

/**
 * All sessions by their keys, a slice at a time. Other calls run in between. The last slice takes in what is added meanwhile.
 *
 * @param begin - the first key that is looked at
 */
export async function* sessionSlices(db: Database, begin = 0): AsyncGenerator<KeyRange> {
  for (let from = begin; ;) {
    const to = db.scalar<number>(
      "select key from sessions where key >= ? order by key limit 1 offset ?",
      from,
      SLICE_SESSIONS,
    );
    yield { from, to: to ?? Number.MAX_SAFE_INTEGER };
    if (to === null) return;
    from = to;
    await letOthersRun();
  }
}

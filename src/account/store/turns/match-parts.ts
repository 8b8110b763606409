import type { Database } from "../../../sqlite/database.ts";
import { hasVolume } from "./search-volumes.ts";

/**
 * The turns whose parts match all the expressions, which may stand in different parts, and in different volumes. Each
 * statement reads a batch of the parts that one expression matches in one volume, and says how many: the caller lets others
 * have their turn there.
 *
 * @returns the turns, newest first
 */
export function* walkParts(
  db: Database,
  volumes: readonly string[],
  expressions: readonly string[],
  batch: number,
): Generator<number, number[]> {
  let matching: Set<number> | null = null;
  for (const expression of expressions) {
    const matched = new Set<number>();
    for (const volume of volumes) {
      let after = Number.MIN_SAFE_INTEGER;
      for (let isWhole = false; !isWhole;) {
        const rows = partsAfter(db, volume, expression, { after, batch });
        for (const { turn_id } of rows) if (matching?.has(turn_id) ?? true) matched.add(turn_id);
        after = rows.at(-1)?.part ?? after;
        isWhole = rows.length < batch;
        yield rows.length;
      }
    }
    matching = matched;
    if (matched.size === 0) break;
  }
  return [...(matching ?? [])].toSorted((a, b) => b - a);
}

function partsAfter(
  db: Database,
  volume: string,
  expression: string,
  { after, batch }: { after: number; batch: number },
): { part: number; turn_id: number }[] {
  if (!hasVolume(db, volume)) return [];
  // A part's row has the part's id, negative. FTS5 seeks only to a bound that is an integer.
  return db.all<{ part: number; turn_id: number }>(
    `select f.rowid as part, p.turn_id from ${volume} f cross join search_parts p on p.id = -f.rowid
     where ${volume} match ? and f.rowid < 0 and f.rowid > cast(? as integer) order by f.rowid limit +?`,
    expression,
    after,
    batch,
  );
}

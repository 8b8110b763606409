import type { Database } from "../../../sqlite/database.ts";

/**
 * The turns whose parts match all the expressions, which may stand in different parts. Each statement reads a batch of the
 * parts that one expression matches, and says how many: the caller lets others have their turn there.
 *
 * @returns the turns, newest first
 */
export function* walkParts(
  db: Database,
  expressions: readonly string[],
  batch: number,
): Generator<number, number[]> {
  let matching: Set<number> | null = null;
  for (const expression of expressions) {
    const matched = new Set<number>();
    let after = Number.MIN_SAFE_INTEGER;
    for (let isWhole = false; !isWhole;) {
      // A part's row has the part's id, negative. FTS5 seeks only to a bound that is an integer.
      const rows = db.all<{ part: number; turn_id: number }>(
        `select f.rowid as part, (select turn_id from search_parts where id = -f.rowid) as turn_id
         from turn_search f where turn_search match ? and f.rowid < 0 and f.rowid > cast(? as integer)
         order by f.rowid limit ?`,
        expression,
        after,
        batch,
      );
      for (const { turn_id } of rows) if (matching?.has(turn_id) ?? true) matched.add(turn_id);
      after = rows.at(-1)?.part ?? after;
      isWhole = rows.length < batch;
      yield rows.length;
    }
    matching = matched;
    if (matched.size === 0) break;
  }
  return [...(matching ?? [])].toSorted((a, b) => b - a);
}

/**
 * Turns that match, best first. A turn in parts ranks as its best part that has all the words. A turn of which no part has
 * all of them comes last. No other turn that the words match is ranked: other users may have many.
 *
 * @param matches - the turns that match, newest first
 */
export function rankWithParts(db: Database, query: string, matches: readonly number[]): number[] {
  // The plus keeps FTS5 from walking the index once for each of them.
  const rows = db.all<{ id: number }>(
    `select case when f.rowid > 0 then f.rowid else (select turn_id from search_parts where id = -f.rowid) end as id
     from turn_search f where turn_search match ?2 and +f.rowid in (
       select value from json_each(?1)
       union all select -p.id from json_each(?1) m cross join search_parts p on p.turn_id = m.value)
     order by f.rank, f.rowid desc`,
    JSON.stringify(matches),
    query,
  );
  const ranked = new Set(rows.map(({ id }) => id));
  return [...ranked, ...matches.filter((id) => !ranked.has(id))];
}

import type { Database } from "../../../sqlite/database.ts";
import { deleteValue, readValue, writeValue } from "../account/account-values.ts";

declare module "../account/account-values.ts" {
  interface AccountValues {
    /** Volumes of the search index that lost rows since they were written: `due`. `begun`: the one that is written again now. */
    thinned_volumes: { due: string[]; begun: string | null };
  }
}

export const thinnedIn = (db: Database) =>
  readValue(db, "thinned_volumes") ?? { due: [], begun: null };

export function noteThinnedAre(db: Database, due: string[], begun: string | null): void {
  if (due.length === 0 && begun === null) deleteValue(db, "thinned_volumes");
  else writeValue(db, "thinned_volumes", { due, begun });
}

/**
 * A volume lost rows. Their words left its pages, and not FTS5's directory of these pages: it has the beginning of each page's
 * first word, up to the letter that tells it from the word before, until the page is written again. In a transaction.
 */
export function noteThinned(db: Database, volume: string): void {
  const { due, begun } = thinnedIn(db);
  if (!due.includes(volume)) noteThinnedAre(db, [...due, volume], begun);
}

export const hasThinned = (db: Database): boolean => readValue(db, "thinned_volumes") !== null;

/** The volume is gone, or written again. In a transaction. */
export function forgetThinned(db: Database, volume: string): void {
  const { due, begun } = thinnedIn(db);
  noteThinnedAre(
    db,
    due.filter((each) => each !== volume),
    begun === volume ? null : begun,
  );
}

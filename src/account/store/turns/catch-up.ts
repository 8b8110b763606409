import type { Database } from "../../../sqlite/database.ts";
import { readValue, writeValue } from "../account/account-values.ts";
import { letOthersRun } from "../../../shared/let-others-run.ts";
import { keyOf } from "../../../shared/ids.ts";
import { forgetSlice, forgetTurnSlice } from "./forget-slices.ts";
import { mergeSegments } from "./index-merges.ts";
import { LongText, indexSlice, staleSessions } from "./index-slices.ts";
import { dropOldIndex, dropOldVolumes } from "./index-version.ts";
import { finishTurn } from "./indexed-turns.ts";
import { hasParts, unfinishedTurns } from "./search-parts.ts";
import { SearchPieces } from "./search-pieces.ts";

/** Sessions whose turns are looked for together, to be indexed. */
const SESSIONS_TOGETHER = 500;

/** Brings the search index up to date before a search, a slice at a time. */
export class CatchUp {
  readonly #db: Database;
  readonly #pieces: SearchPieces;
  /** Of what is archived. Other work waits for archiving, which must not wait for searches. */
  readonly #archivingPieces = new SearchPieces();
  /** Sessions that may have turns to index; null when that is not known yet. */
  #stale: Set<number> | null = null;
  #running: Promise<void> | null = null;
  /** Whether the account ever searched; null when that is not known yet. */
  #used: boolean | null = null;
  readonly #longText = new LongText();
  readonly #archivingText = new LongText();
  readonly #leavingText = new LongText();
  /** Sessions that are being taken out of the index. None is indexed meanwhile. */
  readonly #leaving = new Set<number>();
  /** Turns that are about to change. None is finished meanwhile. */
  readonly #changing = new Set<number>();

  constructor(db: Database, pieces: SearchPieces) {
    this.#db = db;
    this.#pieces = pieces;
    db.onRollback(() => {
      this.#stale = null;
      this.#used = null;
      this.#forgetTexts(null);
    });
  }

  turnWritten(key: number): void {
    this.#stale?.add(key);
    this.#forgetTexts(key);
  }

  #forgetTexts(key: number | null): void {
    for (const text of [this.#longText, this.#archivingText, this.#leavingText]) text.forget(key);
  }

  /** Searches that come meanwhile wait for the same work. */
  run(): Promise<void> {
    this.#running ??= this.#indexAll().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Does nothing in an account that never searched. @returns whether the sessions are indexed */
  async indexBeforeArchive(keys: readonly number[]): Promise<boolean> {
    if (!this.#isUsed()) return false;
    await dropOldVolumes(this.#db);
    const archived = new Set(keys);
    const isArchived = (id: number) => archived.has(keyOf(id));
    while (await this.#finishNext(isArchived, this.#archivingText, this.#archivingPieces));
    for (let left = [...keys]; left.length > 0;) {
      await this.#archivingPieces.next();
      await this.#archivingText.prepare(this.#db, left, this.#archivingPieces);
      left = this.#db.transaction(() => indexSlice(this.#db, left, this.#archivingText));
      await this.#merge(this.#archivingPieces);
    }
    return true;
  }

  /**
   * Takes live sessions out of the index before they are deleted, a slice at a time. The next search indexes again what
   * stays, also after a crash.
   *
   * @param deletion - deletes them. Searches that run meanwhile index none of them
   */
  async forget(
    keys: readonly number[],
    deletion: () => void | Promise<void> = () => undefined,
  ): Promise<void> {
    for (const key of keys) this.#leaving.add(key);
    try {
      if (this.#isUsed()) await dropOldVolumes(this.#db);
      for (const key of keys)
        while (this.#db.transaction(() => forgetSlice(this.#db, key, this.#leavingText)))
          await letOthersRun();
      await deletion();
    } finally {
      this.#leavingText.forget(null);
      for (const key of keys) {
        this.#leaving.delete(key);
        this.#stale?.add(key);
      }
    }
  }

  /**
   * Takes a long turn out of the index before it changes, a part at a time. The next search indexes what it says then, also
   * after a crash.
   */
  async forgetTurn(id: number): Promise<void> {
    this.#changing.add(id);
    try {
      if (this.#isUsed()) await dropOldVolumes(this.#db);
      while (this.#db.transaction(() => forgetTurnSlice(this.#db, id, this.#leavingText)))
        await letOthersRun();
    } finally {
      this.#leavingText.forget(keyOf(id));
      this.#changing.delete(id);
    }
  }

  /** From now on what is archived is indexed. An index of an earlier version goes. */
  async begin(): Promise<void> {
    await dropOldVolumes(this.#db);
    if (this.#db.transaction(() => dropOldIndex(this.#db))) this.#stale = null;
    if (readValue(this.#db, "searched") === null) writeValue(this.#db, "searched", true);
    this.#used = true;
  }

  #isUsed(): boolean {
    // Accounts that searched before there was such a value have sessions that are indexed.
    this.#used ??=
      readValue(this.#db, "searched") !== null ||
      this.#db.scalar("select 1 from sessions where indexed > 0 limit 1") !== null ||
      hasParts(this.#db);
    return this.#used;
  }

  async #indexAll(): Promise<void> {
    await this.begin();
    for (;;) {
      while (await this.#finishNext(() => true, this.#longText, this.#pieces));
      const stale = await this.#staleSessions();
      let left = this.#staying([...stale]).slice(0, SESSIONS_TOGETHER);
      // No wait comes between the last slice and the end: others may write at every turn of the event loop.
      if (left.length === 0 && this.#nextUnfinished(() => true) === undefined) return;
      // After a rollback, what is stale is not known any more.
      while (left.length > 0 && this.#stale === stale) {
        await this.#merge(this.#pieces);
        await this.#longText.prepare(this.#db, this.#staying(left), this.#pieces);
        const some = this.#staying(left);
        const next = this.#db.transaction(() => indexSlice(this.#db, some, this.#longText));
        const rest = new Set(next);
        // A session that gets a turn after this is stale again.
        for (const key of some) if (!rest.has(key)) stale.delete(key);
        left = next;
      }
    }
  }

  /** @returns whether there was one */
  async #finishNext(
    isMeant: (id: number) => boolean,
    longText: LongText,
    pieces: SearchPieces,
  ): Promise<boolean> {
    const id = this.#nextUnfinished(isMeant);
    if (id === undefined) return false;
    await this.#merge(pieces);
    await longText.prepareTurn(this.#db, id, pieces);
    if (this.#nextUnfinished(isMeant) !== id) return true;
    this.#db.transaction(() => finishTurn(this.#db, id, longText.of(this.#db, id)));
    return true;
  }

  /** A turn that is in the index in part, as it changed. */
  #nextUnfinished(isMeant: (id: number) => boolean): number | undefined {
    return unfinishedTurns(this.#db).find((id) => isMeant(id) && this.#isStaying(id));
  }

  #isStaying(id: number): boolean {
    return !this.#changing.has(id) && !this.#leaving.has(keyOf(id));
  }

  #staying(keys: number[]): number[] {
    return this.#leaving.size === 0 ? keys : keys.filter((key) => !this.#leaving.has(key));
  }

  /** What the slice before left to merge. Resolves when the caller may do its next piece. */
  async #merge(pieces: SearchPieces): Promise<void> {
    do await pieces.next();
    while (this.#db.transaction(() => mergeSegments(this.#db)));
  }

  async #staleSessions(): Promise<Set<number>> {
    if (this.#stale) return this.#stale;
    const stale = new Set<number>();
    this.#stale = stale;
    for (let after: number | null = 0; after !== null;) {
      await this.#pieces.next();
      const { keys, through } = staleSessions(this.#db, after);
      for (const key of keys) stale.add(key);
      after = through;
    }
    return this.#stale === stale ? stale : this.#staleSessions();
  }
}

import { storageFull } from "../../../shared/storage-full.ts";
import { MINUTE_MS } from "../../../shared/time.ts";
import type { Database } from "../../../sqlite/database.ts";
import { readValue, writeValue } from "../account/account-values.ts";
import { COPY_ROOM } from "../account/file-compaction.ts";

/** From this share of the limit on operators are warned. */
export const WARN_SHARE = 0.6;
/** From this share on no more archives are indexed: the index shall not keep sessions from beginning. */
const NO_INDEXING_SHARE = 0.9;
/** From this share on no session begins. */
const NO_SESSIONS_SHARE = 0.95;
/** From this share on nothing is taken in. The rest is for archiving and erasing: they write before they free. */
const NO_WRITES_SHARE = 0.99;
/** The directory hears of each step of growth: of each 5 %. */
const STEPS = 20;
/** Below this share the size is asked at one write of so many: those take 32 MB at most. New sessions always ask. */
const ASK_ALWAYS_SHARE = 0.9;
const WRITES_PER_ASK = 16;
/** Between two sweeps that an account asks for itself, in ms. */
const SWEEP_EVERY_MS = 5 * MINUTE_MS;

export interface StorageRoomParts {
  db: Database;
  /** The size at which SQLite takes nothing more. */
  limitBytes: number;
  /** The deployment's `live_bytes`. */
  liveBytes: number | null;
  clock: () => number;
  /** Has the alarm tell the directory, and ask for a sweep where {@link StorageRoom.wantsSweep}. */
  onGrowth: () => void;
}

/**
 * What SQLite has left of its limit, in bytes that rows and indexes occupy: free pages do not count. The size reads no row,
 * and costs up to 20 µs of a turn's 500.
 */
export class StorageRoom {
  readonly #parts: StorageRoomParts;
  /** The account's `live_bytes`; undefined until it is read. */
  #liveBytes: number | null | undefined;
  #writes = 0;
  /** The used share of the limit, when it was last asked. */
  #share = 0;
  #toldStep = 0;
  #noticedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: StorageRoomParts) {
    this.#parts = parts;
    parts.db.onRollback(() => {
      this.#toldStep = 0;
    });
  }

  get limitBytes(): number {
    return this.#parts.limitBytes;
  }

  /** The account's retention was rewritten. */
  reload(): void {
    this.#liveBytes = undefined;
  }

  /** To be called before a write that makes the account larger. @throws ApiError `storage_full` */
  checkWrite(): void {
    this.#writes += 1;
    const isAsked = this.#share >= ASK_ALWAYS_SHARE || this.#writes % WRITES_PER_ASK === 1;
    const share = isAsked ? this.#look() : this.#share;
    if (share < NO_WRITES_SHARE) return;
    throw storageFull(`The account's storage is ${percent(share)} full, so it takes nothing in.`);
  }

  /** To be called before a session begins. @throws ApiError `storage_full` */
  checkSession(): void {
    const share = this.#look();
    if (share < NO_SESSIONS_SHARE) return;
    throw storageFull(
      `The account's storage is ${percent(share)} full, so no session begins. Existing ones go on.`,
    );
  }

  /** Whether words of archives may still be added to the search index. */
  get mayIndex(): boolean {
    return this.#look() < NO_INDEXING_SHARE;
  }

  /** To be called before all rows are written twice for a while. @throws ApiError `storage_full` */
  checkCopy(): void {
    const { db, limitBytes } = this.#parts;
    const copied = Math.max(db.sizeBytes * COPY_ROOM, readValue(db, "file_bytes") ?? 0);
    if (copied <= limitBytes) return;
    throw storageFull("A compaction takes room for all rows twice, and the account has less left.");
  }

  /** Whether a sweep would make room, and none was asked for in the last minutes. */
  wantsSweep(): boolean {
    const { db, clock } = this.#parts;
    if (!isOver(db.sizeBytes, this.#limit())) return false;
    const askedAt = readValue(db, "sweep_asked");
    return askedAt === null || clock() - askedAt >= SWEEP_EVERY_MS;
  }

  /** Stored: an eviction between a sweep and the alarm that follows it does not ask for the next one. */
  sweepAsked(): void {
    writeValue(this.#parts.db, "sweep_asked", this.#parts.clock());
  }

  /** @returns the used share of the limit */
  #look(): number {
    const { db, limitBytes, clock, onGrowth } = this.#parts;
    const { usedBytes, fillerBytes } = db;
    const share = usedBytes / limitBytes;
    this.#share = share;
    if (share < WARN_SHARE && !isOver(usedBytes - fillerBytes, this.#limit())) return share;
    const step = Math.floor(share * STEPS);
    const now = clock();
    const isNews = step !== this.#toldStep || now - this.#noticedAt >= SWEEP_EVERY_MS;
    if (!isNews) return share;
    onGrowth();
    this.#toldStep = step;
    this.#noticedAt = now;
    return share;
  }

  #limit(): number | null {
    const { db, liveBytes } = this.#parts;
    if (this.#liveBytes === undefined) {
      const own = readValue(db, "retention")?.live_bytes;
      this.#liveBytes = own === undefined ? liveBytes : own;
    }
    return this.#liveBytes;
  }
}

const isOver = (bytes: number, limit: number | null): boolean => limit !== null && bytes > limit;
const percent = (share: number): string => `${Math.floor(share * 100)} %`;

import { logError } from "../observe/log.ts";
import type { AccountServices } from "./account-services.ts";
import type { Mutex } from "./mutex.ts";
import { readValue } from "./store/account/account-values.ts";
import { wordsMissing } from "./store/archive/archived-words.ts";

/** How long other work of the account may keep the indexing from going on until no search waits for it, in ms. */
const BLOCKED_MS = 50;

export interface ArchiveIndexingParts {
  /** As they are now: an erasure of the account replaces them. */
  services: () => Pick<AccountServices, "db" | "search" | "archiveIndexer" | "room">;
  archiving: Mutex;
  isErasing: () => boolean;
  /** Sets the alarm, which goes on with what a crash or an eviction cuts off. */
  wake: () => Promise<void>;
}

/** Indexes what is archived, in the background and step by step: other calls of the account run in between. */
export class ArchiveIndexing {
  readonly #parts: ArchiveIndexingParts;
  #running: Promise<void> | null = null;
  /** Resolves when a step has to wait for other work in `archiving`. Another takes its place once that step runs. */
  #blocked = Promise.withResolvers<void>();

  constructor(parts: ArchiveIndexingParts) {
    this.#parts = parts;
  }

  /** Whether there is something to index, in an account that has searched and has room. */
  get isDue(): boolean {
    const { db, room } = this.#parts.services();
    return wordsMissing(db).isPending && readValue(db, "searched") !== null && room.mayIndex;
  }

  /**
   * From now on the account searches.
   *
   * @param waitMs - how long to wait for what is archived, in ms. It does not wait for erasures and backups
   */
  async begin(waitMs: number): Promise<void> {
    await this.#parts.services().search.begin();
    if (!this.isDue) return;
    await this.#parts.wake();
    await Promise.race([this.goOn(), scheduler.wait(waitMs), this.#untilBlocked()]);
  }

  /** Indexes all that is left. A call while it runs waits for the same work. */
  goOn(): Promise<void> {
    this.#running ??= this.#indexAll().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Resolves when a step has waited for {@link BLOCKED_MS}. */
  async #untilBlocked(): Promise<void> {
    let waitedFor: Promise<void>;
    do {
      waitedFor = this.#blocked.promise;
      await waitedFor;
      await scheduler.wait(BLOCKED_MS);
    } while (waitedFor !== this.#blocked.promise);
  }

  async #indexAll(): Promise<void> {
    const { archiving, isErasing, services } = this.#parts;
    const step = () => {
      const isBlocked = archiving.isBusy;
      if (isBlocked) this.#blocked.resolve();
      return archiving.run(async () => {
        if (isBlocked) this.#blocked = Promise.withResolvers();
        return !isErasing() && this.isDue && services().archiveIndexer.step();
      });
    };
    try {
      while (await step()) await services().search.pieces.next();
    } catch (error) {
      // The alarm tries again.
      logError("archive.index_failed", "[Archive Error] archives stay to be indexed", error);
    }
  }
}

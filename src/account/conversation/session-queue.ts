import { MINUTE_MS, SECOND_MS } from "../../shared/time.ts";

/** How long a worker may be silent before the session continues without its turn. */
export const LEASE_MS = 2 * MINUTE_MS;
/** How long a turn waits in line for the ones before it. */
export const QUEUE_WAIT_MS = 30 * SECOND_MS;

/** How many turns of one session may wait. */
const MAX_WAITING = 100;

interface Waiter {
  token: string;
  timer: ReturnType<typeof setTimeout>;
  settle: (entered: boolean) => void;
}

interface Place {
  holder: string;
  leaseUntil: number;
  waiting: Waiter[];
  leaseTimer?: ReturnType<typeof setTimeout> | undefined;
}

/**
 * One line a session: its turns happen one after the other. A holder keeps its place until it leaves or its lease runs
 * out. In memory only: what outlives an eviction is the lease in the turn's row, see {@link SessionQueue.giveWay}.
 */
export class SessionQueue {
  readonly #places = new Map<string, Place>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** @returns whether the place was had: at once when the session is free, else at most {@link QUEUE_WAIT_MS} later */
  enter(sessionId: string, token: string, mode: "queue" | "reject"): Promise<boolean> {
    const place = this.#places.get(sessionId);
    if (!place) {
      this.#places.set(sessionId, {
        holder: token,
        leaseUntil: this.#clock() + LEASE_MS,
        waiting: [],
      });
      return Promise.resolve(true);
    }
    if (mode === "reject" && (this.isBusy(sessionId) || place.waiting.length > 0)) {
      return Promise.resolve(false);
    }
    if (place.waiting.length >= MAX_WAITING) return Promise.resolve(false);
    return this.#wait(sessionId, place, token, "last");
  }

  /** Gives the place to a turn from before an eviction whose lease still runs, and waits first in line after it. */
  giveWay(
    sessionId: string,
    token: string,
    to: { token: string; until: number },
  ): Promise<boolean> {
    const place = this.#places.get(sessionId);
    if (place?.holder !== token) return Promise.resolve(false);
    Object.assign(place, { holder: to.token, leaseUntil: to.until });
    return this.#wait(sessionId, place, token, "first");
  }

  leave(sessionId: string, token: string): void {
    const place = this.#places.get(sessionId);
    if (place?.holder === token) this.#next(sessionId, place);
  }

  /** Gives the session to the next in line, even while another turn holds it. */
  evict(sessionId: string): void {
    const place = this.#places.get(sessionId);
    if (place) this.#next(sessionId, place);
  }

  /** Lets everybody who waits go on at once. */
  clear(): void {
    const places = [...this.#places.values()];
    this.#places.clear();
    for (const { waiting, leaseTimer } of places) {
      if (leaseTimer !== undefined) clearTimeout(leaseTimer);
      for (const { timer, settle } of waiting) {
        clearTimeout(timer);
        settle(true);
      }
    }
  }

  renew(sessionId: string, token: string): boolean {
    const place = this.#places.get(sessionId);
    if (place?.holder !== token) return false;
    place.leaseUntil = this.#clock() + LEASE_MS;
    return true;
  }

  holder(sessionId: string): string | null {
    return this.#places.get(sessionId)?.holder ?? null;
  }

  isBusy(sessionId: string): boolean {
    return this.leaseLeftMs(sessionId) > 0;
  }

  leaseLeftMs(sessionId: string): number {
    const place = this.#places.get(sessionId);
    return place ? Math.max(0, place.leaseUntil - this.#clock()) : 0;
  }

  #wait(sessionId: string, place: Place, token: string, where: "first" | "last"): Promise<boolean> {
    return new Promise((settle) => {
      const timer = setTimeout(() => {
        place.waiting = place.waiting.filter((other) => other !== waiter);
        settle(false);
      }, QUEUE_WAIT_MS);
      const waiter: Waiter = { token, timer, settle };
      if (where === "first") place.waiting.unshift(waiter);
      else place.waiting.push(waiter);
      this.#watchLease(sessionId, place);
    });
  }

  /** A lease's end matters only to waiting turns, so there is a timer only then. */
  #watchLease(sessionId: string, place: Place): void {
    if (place.leaseTimer !== undefined) clearTimeout(place.leaseTimer);
    if (place.waiting.length === 0) return;
    place.leaseTimer = setTimeout(() => {
      if (this.isBusy(sessionId)) this.#watchLease(sessionId, place);
      else this.#next(sessionId, place);
    }, this.leaseLeftMs(sessionId));
  }

  #next(sessionId: string, place: Place): void {
    const waiter = place.waiting.shift();
    if (place.leaseTimer !== undefined) clearTimeout(place.leaseTimer);
    if (!waiter) {
      this.#places.delete(sessionId);
      return;
    }
    clearTimeout(waiter.timer);
    Object.assign(place, { holder: waiter.token, leaseUntil: this.#clock() + LEASE_MS });
    this.#watchLease(sessionId, place);
    waiter.settle(true);
  }
}

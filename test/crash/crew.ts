import { setTimeout as sleep } from "node:timers/promises";

import type { Answer, Wire } from "./wire.ts";

/** A question as whoever asked it remembers it. No two have the same text. */
export interface Entry {
  account: string;
  /** Null where the server chose it. */
  session: string | null;
  text: string;
  answer: string;
  /** Null until the server has acknowledged it. */
  callId: string | null;
  /** Acknowledged before it is answered. */
  isQueued?: boolean;
}

/** What was found wrong. */
export interface Faults {
  /** Acknowledged and not there, or not as it was acknowledged. */
  lost: string[];
  /** Done more than once. */
  doubled: string[];
  /** Neither whole nor honestly marked: gaps, half turns, foreign text, counters that disagree, answers that nobody foresaw. */
  torn: string[];
}

/** What all who work at the server have in common. */
export interface Crew {
  wire: Wire;
  accounts: readonly string[];
  log: Entry[];
  /** Changes other than turns that were acknowledged. */
  changes: number;
  kills: number;
  faults: Faults;
  /** Whether anything new is begun. */
  isOpen: boolean;
  /** Pieces of work that were begun and are not through. */
  pending: Set<string>;
}

/** A piece of work, tried until it is through. */
export interface Task {
  name: string;
  /** @returns how soon it is to be tried again, in ms; null when it is through */
  attempt: () => Promise<number | null>;
}

/** How often a worker goes on with what it has pending, instead of something new. */
const RETRY_SHARE = 0.5;
export const RETRY_MS = 250;
const IDLE_MS = 20;

/**
 * Begins one task after another, and goes on with those that a crash cut off, until all are through.
 *
 * @param next - null where there is nothing to begin just now
 */
export async function workOn(
  crew: Crew,
  random: () => number,
  next: () => Task | null,
  pauseMs = 0,
): Promise<void> {
  const pending = new Map<Task, number>();
  const attempt = async (task: Task) => {
    const again = await task.attempt();
    if (again === null) {
      pending.delete(task);
      crew.pending.delete(task.name);
    } else {
      pending.set(task, Date.now() + again);
    }
  };
  while (crew.isOpen || pending.size > 0) {
    const due = [...pending].find(([, notBefore]) => notBefore <= Date.now())?.[0];
    const task = crew.isOpen && (!due || random() >= RETRY_SHARE) ? next() : null;
    if (task) {
      pending.set(task, 0);
      crew.pending.add(task.name);
      await attempt(task);
      await sleep(random() * 2 * pauseMs);
    } else if (due) {
      await attempt(due);
    } else {
      await sleep(IDLE_MS);
    }
  }
}

/** How soon to try again what the server did not take. A status that nobody foresaw is noted, once. */
export function putOff(
  { faults }: Crew,
  name: string,
  answer: Answer | null,
  foreseen: readonly number[] = [409, 503],
): number {
  if (!answer) return RETRY_MS;
  const { status, headers, body } = answer;
  const told = `${name}: ${status} ${(body as { code?: string }).code}`;
  if (!foreseen.includes(status) && !faults.torn.includes(told)) faults.torn.push(told);
  return Number(headers.get("retry-after-ms") ?? RETRY_MS);
}

export const oneOf = <T>(all: readonly T[], random: () => number): T =>
  all[Math.floor(random() * all.length)] as T;

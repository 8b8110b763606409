import { MINUTE_MS } from "../shared/time.ts";
import type { Database } from "../sqlite/database.ts";
import { parseJson } from "../shared/json.ts";

/** An outside service that failed too often, and is not called for a while. */
export interface OpenCircuit {
  name: string;
  /** Ms since the epoch. */
  opened_at: number;
  /** When the service is tried again, in ms since the epoch. */
  until: number;
  /** Failures in a row. */
  failures: number;
}

export type HealthStatus = "up" | "degraded" | "down";

export interface HealthNote {
  name: string;
  status: HealthStatus;
  /** When the status began, in ms since the epoch. */
  since: number;
}

export interface OperationsValues {
  /** By series. */
  metrics: Record<string, number>;
  circuits: OpenCircuit[];
  health: HealthNote[];
}

export function read<N extends keyof OperationsValues>(
  db: Database,
  name: N,
): OperationsValues[N] | null {
  const value = db.scalar<string>("select value from operations where name = ?", name);
  return value === null ? null : (parseJson(value) as OperationsValues[N]);
}

export function write<N extends keyof OperationsValues>(
  db: Database,
  name: N,
  value: OperationsValues[N],
): void {
  db.run(
    "insert into operations values (?, ?) on conflict (name) do update set value = excluded.value",
    name,
    JSON.stringify(value),
  );
}

/** Adds to the counters. All series lie in one row, so that a flush writes one row. */
export function addMetrics(db: Database, counts: readonly [series: string, by: number][]): void {
  const all = new Map(Object.entries(read(db, "metrics") ?? {}));
  for (const [series, by] of counts) all.set(series, (all.get(series) ?? 0) + by);
  write(db, "metrics", Object.fromEntries(all));
}

export const readMetrics = (db: Database): Record<string, number> => read(db, "metrics") ?? {};

/** In milliseconds. The isolate that opened a circuit may have ended since: then none closes it. */
const FORGOTTEN_MS = 10 * MINUTE_MS;

/** The circuits that are open at `now`, or may be tried again since their `until`. */
export const openCircuits = (db: Database, now: number): OpenCircuit[] =>
  (read(db, "circuits") ?? []).filter(({ until }) => until + FORGOTTEN_MS > now);

export function openCircuit(db: Database, circuit: OpenCircuit): void {
  const others = openCircuits(db, circuit.opened_at).filter(({ name }) => name !== circuit.name);
  write(db, "circuits", [...others, circuit]);
}

/** @returns whether it was open */
export function closeCircuit(db: Database, name: string, now: number): boolean {
  const open = openCircuits(db, now);
  const others = open.filter((each) => each.name !== name);
  if (others.length < open.length) write(db, "circuits", others);
  return others.length < open.length;
}

/** Stores the statuses. @returns each with the time at which it began */
export function noteHealth(
  db: Database,
  seen: readonly Omit<HealthNote, "since">[],
  now: number,
): HealthNote[] {
  const before = new Map((read(db, "health") ?? []).map((note) => [note.name, note]));
  const notes = seen.map(({ name, status }): HealthNote => {
    const last = before.get(name);
    return last?.status === status ? last : { name, status, since: now };
  });
  if (JSON.stringify(notes) !== JSON.stringify([...before.values()])) write(db, "health", notes);
  return notes;
}

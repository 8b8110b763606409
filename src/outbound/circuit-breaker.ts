import { callDirectory } from "../directory/directory-client.ts";
import { OPERATIONS } from "../directory/account-directory-do.ts";
import type { OpenCircuit } from "../directory/operations-table.ts";
import { log, logError } from "../observe/log.ts";
import { count } from "../observe/metrics.ts";
import { SECOND_MS } from "../shared/time.ts";
import { OPEN_MS, admit, closedCircuit, record } from "./circuit.ts";
import type { CallResult, Circuit } from "./circuit.ts";

type CircuitEnv = Pick<Env, "DIRECTORY">;

/** The service was not called: it failed too often. */
export class CircuitOpenError extends Error {
  /** When the service is tried again, in ms. */
  readonly retryAfterMs: number;
  constructor(name: string, retryAfterMs: number) {
    super(`${name} has failed too often and is not called for up to ${OPEN_MS / SECOND_MS} s`);
    this.name = "CircuitOpenError";
    this.retryAfterMs = retryAfterMs;
  }
}

/** An isolate's circuits, by directory: in tests an isolate serves several environments. */
const isolateCircuits = new WeakMap<object, Map<string, Circuit>>();

function circuitsOf(env: CircuitEnv): Map<string, Circuit> {
  const circuits = isolateCircuits.get(env.DIRECTORY) ?? new Map<string, Circuit>();
  isolateCircuits.set(env.DIRECTORY, circuits);
  return circuits;
}

interface GuardedCall<T> {
  /** Whether an error means that the service failed, or says nothing of the service. */
  resultOf: (error: unknown) => Exclude<CallResult, "success">;
  /** The longest that a call lasts, in ms. */
  timeoutMs: number;
  call: () => Promise<T>;
}

/**
 * Calls an outside service, unless it failed too often in a row in this isolate. After {@link OPEN_MS} one call tries it
 * again; the others are refused until that call has ended.
 *
 * @param name - of the circuit: a model, or a provider of flights
 * @throws CircuitOpenError without a call; else what the call throws
 */
export async function throughCircuit<T>(
  env: CircuitEnv,
  name: string,
  { resultOf, timeoutMs, call }: GuardedCall<T>,
): Promise<T> {
  const circuits = circuitsOf(env);
  const before = circuits.get(name) ?? closedCircuit();
  const [admission, admitted] = admit(before, Date.now(), timeoutMs + SECOND_MS);
  if (admission === "refused") {
    const next = Math.max(before.until ?? 0, before.trialUntil ?? 0);
    throw new CircuitOpenError(name, Math.max(SECOND_MS, next - Date.now()));
  }
  circuits.set(name, admitted);
  if (admission === "trial")
    log("circuit.half_open", `${name} is tried by one call`, { circuit: name });
  const { changes } = admitted;
  const end = (result: CallResult) => {
    const known = circuits.get(name) ?? admitted;
    const next = record(known, result, Date.now(), changes);
    circuits.set(name, next);
    report(env, name, known, next);
  };
  try {
    const value = await call();
    end("success");
    return value;
  } catch (error) {
    end(resultOf(error));
    throw error;
  }
}

/** Logs a change of state, and tells it to the directory's object for `/metrics` and `/health/detailed`. */
function report(env: CircuitEnv, name: string, before: Circuit, after: Circuit): void {
  if (before.changes === after.changes) return;
  if (after.until === null) {
    log("circuit.closed", `${name} answers again`, { circuit: name });
    void share(() =>
      callDirectory(env, OPERATIONS, (directory) => directory.closeCircuit(name, Date.now())),
    );
    return;
  }
  const { failures, until } = after;
  count("circuit_opened_total", { circuit: name });
  log("circuit.opened", `${name} failed too often; this isolate does not call it for a while`, {
    circuit: name,
    failures,
  });
  const opened = { name, opened_at: until - OPEN_MS, until, failures };
  void share(() => callDirectory(env, OPERATIONS, (directory) => directory.openCircuit(opened)));
}

/** No call waits for it: only operators read the state. */
async function share(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    logError("circuit.untold", "a circuit's state could not be shared", error);
  }
}

/** The circuits that isolates opened and none has closed since, for operators. */
export const readCircuits = (env: CircuitEnv): Promise<OpenCircuit[]> =>
  callDirectory(env, OPERATIONS, (directory) => directory.circuits(Date.now()));

/** A circuit as operators see it. */
export interface CircuitState extends Pick<OpenCircuit, "name" | "failures"> {
  state: "open" | "half_open" | "closed";
  opened_at: number | null;
  until: number | null;
}

/** The circuits of these names, and all others that are not closed. @param open - by {@link readCircuits} */
export function circuitStates(
  names: readonly string[],
  open: readonly OpenCircuit[],
  now: number,
): CircuitState[] {
  const known = new Map<string, CircuitState>(
    names.map((name) => [
      name,
      { name, state: "closed", failures: 0, opened_at: null, until: null },
    ]),
  );
  for (const each of open)
    known.set(each.name, { ...each, state: each.until > now ? "open" : "half_open" });
  return [...known.values()];
}

/**
 * Closes a circuit in this isolate, or those of all models of a provider. Another isolate tries the service by itself
 * within {@link OPEN_MS}.
 *
 * @param name - a circuit (`openai/gpt-5`), or a provider (`openai`)
 * @returns whether one was open
 */
export async function resetCircuit(env: CircuitEnv, name: string): Promise<boolean> {
  const circuits = circuitsOf(env);
  const isMeant = (each: string) => each === name || each.startsWith(`${name}/`);
  let wasOpen = false;
  for (const [each, { until, changes }] of circuits) {
    if (!isMeant(each)) continue;
    wasOpen ||= until !== null;
    circuits.set(each, { ...closedCircuit(), changes: changes + 1 });
  }
  const told = (await readCircuits(env)).filter((each) => isMeant(each.name));
  for (const each of told)
    await callDirectory(env, OPERATIONS, (directory) =>
      directory.closeCircuit(each.name, Date.now()),
    );
  return wasOpen || told.length > 0;
}

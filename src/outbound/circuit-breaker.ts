import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from "cockatiel";
import type { CircuitBreakerPolicy } from "cockatiel";

import { OPERATIONS } from "../directory/account-directory-do.ts";
import { log, logError } from "../observe/log.ts";
import { count } from "../observe/metrics.ts";
import type { OpenCircuit } from "../directory/operations-table.ts";
import { SECOND_MS } from "../shared/time.ts";
import { callDirectory } from "../directory/directory-client.ts";

/** Failures in a row that open a circuit. */
const MAX_FAILURES = 5;
/** In milliseconds. Then one call tries the service again. */
export const OPEN_MS = 30 * SECOND_MS;
/** In milliseconds. No call waits longer for the state of other isolates. */
const TIMEOUT_MS = SECOND_MS;
/** In milliseconds. An isolate trusts the state of the others for so long. */
const CACHE_TTL_MS = 5 * SECOND_MS;

type CircuitEnv = Pick<Env, "DIRECTORY">;

/** The service was not called: it failed too often. */
export class CircuitOpenError extends Error {
  constructor(name: string) {
    super(`${name} has failed too often and is not called for up to ${OPEN_MS / SECOND_MS} s`);
    this.name = "CircuitOpenError";
  }
}

interface IsolateState {
  policies: Map<string, CircuitBreakerPolicy>;
  /** Opened here or by another isolate. */
  open: Map<string, OpenCircuit>;
  /** When to read the others' circuits again, in ms since the epoch. */
  refreshAt: number;
}

/** By directory: in tests an isolate serves several environments. */
const isolateStates = new WeakMap<object, IsolateState>();

const isolateState = (env: CircuitEnv): IsolateState => {
  const state = isolateStates.get(env.DIRECTORY) ?? {
    policies: new Map(),
    open: new Map(),
    refreshAt: 0,
  };
  isolateStates.set(env.DIRECTORY, state);
  return state;
};

/**
 * Calls an outside service, unless it failed too often in a row, here or in another isolate. After {@link OPEN_MS} one
 * call tries it again. If that works, its circuit closes for all isolates.
 *
 * @param isFailure - whether an error means that the service failed
 * @throws CircuitOpenError without a call; else what the call throws
 */
export async function throughCircuit<T>(
  env: CircuitEnv,
  name: string,
  isFailure: (error: unknown) => boolean,
  call: () => Promise<T>,
): Promise<T> {
  await refreshRemoteCircuits(env);
  const { open } = isolateState(env);
  const policy = policyOf(env, name, isFailure);
  const isOpen = (open.get(name)?.until ?? 0) > Date.now();
  if (isOpen && policy.state === CircuitState.Closed) throw new CircuitOpenError(name);
  try {
    return await policy.execute(call);
  } catch (error) {
    if (error instanceof BrokenCircuitError) throw new CircuitOpenError(name);
    throw error;
  }
}

function policyOf(
  env: CircuitEnv,
  name: string,
  isFailure: (error: unknown) => boolean,
): CircuitBreakerPolicy {
  const { policies, open } = isolateState(env);
  const known = policies.get(name);
  if (known) return known;
  const policy = circuitBreaker(handleWhen(isFailure), {
    halfOpenAfter: OPEN_MS,
    breaker: new ConsecutiveBreaker(MAX_FAILURES),
  });
  policy.onBreak(() => {
    const opened_at = Date.now();
    const opened = { name, opened_at, until: opened_at + OPEN_MS, failures: MAX_FAILURES };
    open.set(name, opened);
    count("circuit_opened_total", { circuit: name });
    log("circuit.opened", `${name} failed too often; no isolate calls it for a while`, {
      circuit: name,
    });
    void shareState(() => callDirectory(env, OPERATIONS, (each) => each.openCircuit(opened)));
  });
  policy.onReset(() => {
    open.delete(name);
    log("circuit.closed", `${name} answers again`, { circuit: name });
    void shareState(() =>
      callDirectory(env, OPERATIONS, (each) => each.closeCircuit(name, Date.now())),
    );
  });
  policies.set(name, policy);
  return policy;
}

/** Shares a circuit's state. After a failure the other isolates find out by their own calls. */
async function shareState(share: () => Promise<unknown>): Promise<void> {
  try {
    await share();
  } catch (error) {
    logError("circuit.untold", "a circuit's state could not be shared", error);
  }
}

/** Takes over the circuits that other isolates opened, and drops those that were reset. A failed read changes nothing. */
async function refreshRemoteCircuits(env: CircuitEnv): Promise<void> {
  const state = isolateState(env);
  if (Date.now() < state.refreshAt) return;
  // Set before the read, so that concurrent calls do not wait for it.
  state.refreshAt = Date.now() + CACHE_TTL_MS;
  try {
    const circuits = await Promise.race([readCircuits(env), scheduler.wait(TIMEOUT_MS)]);
    if (circuits) mergeRemoteCircuits(state, circuits);
  } catch (error) {
    logError("circuit.unread", "the circuits of other isolates cannot be read", error);
  }
}

export const readCircuits = (env: CircuitEnv): Promise<OpenCircuit[]> =>
  callDirectory(env, OPERATIONS, (directory) => directory.circuits(Date.now()));

function mergeRemoteCircuits(
  { policies, open }: IsolateState,
  others: readonly OpenCircuit[],
): void {
  for (const [name, { opened_at }] of open) {
    // The others may not know yet of a circuit opened a moment ago. An older one was reset by an operator.
    const isFresh = opened_at > Date.now() - CACHE_TTL_MS;
    if (isFresh || others.some((each) => each.name === name)) continue;
    open.delete(name);
    policies.delete(name);
  }
  for (const each of others) open.set(each.name, each);
}

/** Closes a circuit, within {@link CACHE_TTL_MS} in every isolate. @returns whether it was open */
export async function resetCircuit(env: CircuitEnv, name: string): Promise<boolean> {
  const { policies, open } = isolateState(env);
  const here = (open.get(name)?.until ?? 0) > Date.now();
  open.delete(name);
  policies.delete(name);
  const there = await callDirectory(env, OPERATIONS, (each) => each.closeCircuit(name, Date.now()));
  return here || there;
}

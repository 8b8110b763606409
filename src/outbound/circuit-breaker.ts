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

/** So many failures in a row open a circuit. */
const FAILURES = 5;
/** How long an open one refuses before it lets one call try. */
export const OPEN_MS = 30 * SECOND_MS;
/** No call waits longer to hear of the others. */
const TIMEOUT_MS = SECOND_MS;
/** How long an isolate goes by what it read of the others' circuits. */
const CACHE_TTL_MS = 5 * SECOND_MS;

type CircuitEnv = Pick<Env, "DIRECTORY">;

/** A service is not asked, since it has failed too often of late. */
export class CircuitOpenError extends Error {
  constructor(name: string) {
    super(`${name} has failed too often and is not asked for a while`);
    this.name = "CircuitOpenError";
  }
}

interface IsolateState {
  policies: Map<string, CircuitBreakerPolicy>;
  /** Opened here, or read to be open elsewhere. */
  open: Map<string, OpenCircuit>;
  /** What the others opened is to be read again then, in ms since the epoch. */
  until: number;
}

/** By what the calls go through: an isolate may serve several environments in tests. */
const isolateStates = new WeakMap<object, IsolateState>();

const isolateState = (env: CircuitEnv): IsolateState => {
  const kept = isolateStates.get(env.DIRECTORY) ?? {
    policies: new Map(),
    open: new Map(),
    until: 0,
  };
  isolateStates.set(env.DIRECTORY, kept);
  return kept;
};

/**
 * Calls an outside service, unless it has failed too often in a row, here or in another isolate. After {@link OPEN_MS}
 * it is tried again, and its circuit is closed for all when that works.
 *
 * @param isFailure - whether an error is the service's failing, rather than an answer
 * @throws CircuitOpenError without calling it; else what the call throws
 */
export async function throughCircuit<T>(
  env: CircuitEnv,
  name: string,
  isFailure: (error: unknown) => boolean,
  call: () => Promise<T>,
): Promise<T> {
  await readOthers(env);
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
    breaker: new ConsecutiveBreaker(FAILURES),
  });
  policy.onBreak(() => {
    const opened_at = Date.now();
    const opened = { name, opened_at, until: opened_at + OPEN_MS, failures: FAILURES };
    open.set(name, opened);
    count("circuit_opened_total", { circuit: name });
    log("circuit.opened", `${name} failed too often and is not asked for a while`, {
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

/** What an isolate cannot tell the others, they find out by themselves. */
async function shareState(tell: () => Promise<unknown>): Promise<void> {
  try {
    await tell();
  } catch (error) {
    logError("circuit.untold", "a circuit's state could not be shared", error);
  }
}

/** Takes over what other isolates opened, and drops what was reset. One that cannot be read changes nothing. */
async function readOthers(env: CircuitEnv): Promise<void> {
  const kept = isolateState(env);
  if (Date.now() < kept.until) return;
  // At once, so that those who come meanwhile do not wait for it as well.
  kept.until = Date.now() + CACHE_TTL_MS;
  try {
    const circuits = await Promise.race([readCircuits(env), scheduler.wait(TIMEOUT_MS)]);
    if (circuits) mergeRemoteCircuits(kept, circuits);
  } catch (error) {
    logError("circuit.unread", "the circuits of others cannot be read", error);
  }
}

export const readCircuits = (env: CircuitEnv): Promise<OpenCircuit[]> =>
  callDirectory(env, OPERATIONS, (directory) => directory.circuits(Date.now()));

function mergeRemoteCircuits(
  { policies, open }: IsolateState,
  others: readonly OpenCircuit[],
): void {
  for (const [name, { opened_at }] of open) {
    // Opened here a moment ago, the others may not know it yet; else an operator has reset it.
    const isFresh = opened_at > Date.now() - CACHE_TTL_MS;
    if (isFresh || others.some((each) => each.name === name)) continue;
    open.delete(name);
    policies.delete(name);
  }
  for (const each of others) open.set(each.name, each);
}

/** Closes a circuit for all: within {@link CACHE_TTL_MS} everywhere. @returns whether it was open */
export async function resetCircuit(env: CircuitEnv, name: string): Promise<boolean> {
  const { policies, open } = isolateState(env);
  const here = (open.get(name)?.until ?? 0) > Date.now();
  open.delete(name);
  policies.delete(name);
  const there = await callDirectory(env, OPERATIONS, (each) => each.closeCircuit(name, Date.now()));
  return here || there;
}

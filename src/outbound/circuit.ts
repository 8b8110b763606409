import { SECOND_MS } from "../shared/time.ts";

/** Failures in a row that open a circuit. */
export const MAX_FAILURES = 5;
/** In milliseconds. Then one call tries the service again. */
export const OPEN_MS = 30 * SECOND_MS;

/** An isolate's state of a service. Times are ms since the epoch. */
export interface Circuit {
  /** Failures in a row. */
  failures: number;
  /** When the service is tried again; null while the circuit is closed. */
  until: number | null;
  /** While one call tries the service: when another call may, if that one never ends. */
  trialUntil: number | null;
  /** Counts the changes of state: a call that began before a change decides nothing after it. */
  changes: number;
}

export const closedCircuit = (): Circuit => ({
  failures: 0,
  until: null,
  trialUntil: null,
  changes: 0,
});

/** How a call may go on: `refused` means that the service is not called. */
export type Admission = "closed" | "trial" | "refused";

/** `undecided` says nothing of the service: the caller left, or the request itself was refused. */
export type CallResult = "success" | "failure" | "undecided";

/** Admits a call. @param trialMs - the longest that a call lasts, in ms */
export function admit(
  circuit: Circuit,
  now: number,
  trialMs: number,
): [admission: Admission, next: Circuit] {
  if (circuit.until === null) return ["closed", circuit];
  if (now < circuit.until || now < (circuit.trialUntil ?? 0)) return ["refused", circuit];
  return ["trial", { ...circuit, trialUntil: now + trialMs, changes: circuit.changes + 1 }];
}

/** Records the end of a call. @param changes - the circuit's when the call was admitted */
export function record(
  circuit: Circuit,
  result: CallResult,
  now: number,
  changes: number,
): Circuit {
  if (circuit.changes !== changes) return circuit;
  if (circuit.until !== null) return afterTrial(circuit, result, now);
  if (result === "undecided") return circuit;
  if (result === "success") return circuit.failures === 0 ? circuit : { ...circuit, failures: 0 };
  const failures = circuit.failures + 1;
  return failures < MAX_FAILURES ? { ...circuit, failures } : opened(circuit, failures, now);
}

function afterTrial(circuit: Circuit, result: CallResult, now: number): Circuit {
  // Another call may try at once.
  if (result === "undecided") return { ...circuit, trialUntil: null };
  if (result === "failure") return opened(circuit, circuit.failures + 1, now);
  return { ...closedCircuit(), changes: circuit.changes + 1 };
}

const opened = ({ changes }: Circuit, failures: number, now: number): Circuit => ({
  failures,
  until: now + OPEN_MS,
  trialUntil: null,
  changes: changes + 1,
});

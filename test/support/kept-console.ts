const METHODS = ["debug", "info", "log", "warn", "error"] as const;
const print = Object.fromEntries(METHODS.map((method) => [method, console[method].bind(console)]));
let kept: { method: string; values: unknown[] }[] = [];

/**
 * What tests and the code under test log is kept, not sent to the runner line by line: a line from an object's context that
 * comes with the last of a file makes a run that never ends, see https://github.com/cloudflare/workers-sdk/issues/15719.
 */
for (const method of METHODS) {
  console[method] = (...values: unknown[]) => void kept.push({ method, values });
}

/** Prints what was logged since the last call, or drops it. */
export function endLog(isPrinted: boolean): void {
  const lines = kept;
  kept = [];
  if (isPrinted) for (const { method, values } of lines) print[method]?.(...values);
}

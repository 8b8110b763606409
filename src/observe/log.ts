export type LogFields = Record<string, string | number | boolean | null | undefined>;

/**
 * One JSON object a line, with a dotted event name. Never message texts, keys or SQL; whatever a field holds, JSON
 * keeps it on its line.
 */
export function log(event: string, message: string, fields: LogFields = {}): void {
  console.log(JSON.stringify({ event, message, ...fields }));
}

/** Likewise, for what somebody should look at. An error is reported by its name and message, never with its stack. */
export function logError(
  event: string,
  message: string,
  error: unknown,
  fields: LogFields = {},
): void {
  const { name, message: detail } = error instanceof Error ? error : new Error(String(error));
  const cause =
    error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
  console.error(JSON.stringify({ event, message, error: name, detail, cause, ...fields }));
}

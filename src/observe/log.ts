import { currentContext } from "./request-context.ts";

type LogFields = Record<string, string | number | boolean | null | undefined>;

/**
 * Writes one JSON object a line, with a dotted event name, and with the ids of what the work is done for. Never log message
 * texts, keys or SQL.
 */
export function log(event: string, message: string, fields: LogFields = {}): void {
  console.log(JSON.stringify({ event, message, ...currentContext(), ...fields }));
}

/** Logs a failure that an operator should look at. An error is logged by name and message, without its stack. */
export function logError(
  event: string,
  message: string,
  error: unknown,
  fields: LogFields = {},
): void {
  const { name, message: detail } = error instanceof Error ? error : new Error(String(error));
  const cause =
    error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
  console.error(
    JSON.stringify({
      event,
      message,
      ...currentContext(),
      error: name,
      detail,
      cause,
      ...fields,
    }),
  );
}

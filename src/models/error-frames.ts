import { parseJson } from "../shared/json.ts";
import { ModelError } from "./model-error.ts";
import { reportedError, wordsIn } from "./provider-errors.ts";

/** In UTF-16 units. A longer line holds no error report. */
const MAX_LINE = 64 * 1024;

/**
 * Passes a stream of Server-Sent Events on, and fails it at an event that reports an error. The AI SDK's providers miss an
 * `error` beside `choices`, and that of Workers AI misses each.
 *
 * @param keys - the deployment's, which the error may quote
 */
export function failOnErrorFrame(
  name: string,
  keys: readonly string[] = [],
): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  let rest = "";
  let hasData = false;
  const check = (line: string) => {
    if (!line.startsWith("data:")) return;
    hasData = true;
    const error = reportIn(name, line.slice("data:".length), keys);
    if (error) throw error;
  };
  return new TransformStream({
    transform(chunk, controller) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\r|\n/);
      rest = lines.pop() ?? "";
      for (const line of lines) check(line);
      if (rest.length > MAX_LINE) rest = "";
      controller.enqueue(chunk);
    },
    flush() {
      check(rest);
      if (hasData) return;
      throw new ModelError("model_failed", `${name} broke off before its first event`, {
        retryable: true,
      });
    },
  });
}

/** The error that a JSON text reports at its top. Null for an answer, and for what is not JSON. */
export function reportIn(
  name: string,
  json: string,
  keys: readonly string[] = [],
): ModelError | null {
  if (!json.includes('"error"') && !json.includes('"errors"')) return null;
  let body: unknown;
  try {
    body = parseJson(json);
  } catch {
    return null;
  }
  return reportOf(name, body, keys);
}

/** Like {@link reportIn}, for parsed JSON. */
export function reportOf(
  name: string,
  body: unknown,
  keys: readonly string[] = [],
): ModelError | null {
  if (typeof body !== "object" || body === null) return null;
  const { error, errors } = body as { error?: unknown; errors?: unknown };
  const isReport = Boolean(error) || (Array.isArray(errors) && errors.length > 0);
  return isReport ? reportedError(name, wordsIn(body, keys)) : null;
}

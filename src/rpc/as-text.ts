import { currentContext } from "../observe/request-context.ts";
import type { RequestContext } from "../observe/request-context.ts";
import { parseJson } from "../shared/json.ts";
import { sendInContext, serveInContext } from "./carry-context.ts";

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * Texts of a value that crosses as one, together, in UTF-16 units. More crosses field by field: in one text, a single wide
 * character doubles the bytes of all others, and an RPC takes 32 MiB.
 */
const MAX_UNITS = 1024 * 1024;

function isLong(value: unknown): boolean {
  let left = MAX_UNITS;
  const isPast = (each: unknown): boolean => {
    if (typeof each === "string") return (left -= each.length) < 0;
    return typeof each === "object" && each !== null && Object.values(each).some(isPast);
  };
  return isPast(value);
}

/**
 * Calls a method of an object's stub with JSON: the caller's context, then the arguments. The runtime copies a value of
 * many fields across an RPC field by field, which takes longer than to write and parse it as one text. Long values are
 * sent field by field all the same.
 */
export async function sendAsText(
  stub: Record<string, unknown>,
  method: string,
  args: readonly unknown[],
): Promise<unknown> {
  const reply = isLong(args)
    ? await sendInContext(stub as Record<string, Method>, method, args)
    : await (stub[method] as Method)(JSON.stringify([currentContext(), ...args]));
  // A result is an object: a text is that object's JSON.
  return typeof reply === "string" ? parseJson(reply) : reply;
}

/** The other end of {@link sendAsText}. @param known - added to the caller's context */
export async function serveAsText(
  text: string,
  known: Partial<RequestContext>,
  serve: (args: unknown[]) => Promise<unknown>,
): Promise<unknown> {
  const [context, ...args] = parseJson(text) as [RequestContext | null, ...unknown[]];
  const result = await serveInContext(context, known, () => serve(args));
  return isLong(result) ? result : JSON.stringify(result);
}

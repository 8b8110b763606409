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

/** Whether a value crosses as one text: it has no bigint, whose digits would become a double, and its texts are short. */
function fitsText(value: unknown): boolean {
  let left = MAX_UNITS;
  const isFit = (each: unknown): boolean => {
    if (typeof each === "string") return (left -= each.length) >= 0;
    if (typeof each !== "object" || each === null) return typeof each !== "bigint";
    if (Array.isArray(each)) return each.every(isFit);
    for (const name in each) if (!isFit(each[name as keyof typeof each])) return false;
    return true;
  };
  return isFit(value);
}

/** The name under which an object takes a method's call as one text, beside the method itself. */
export const textMethod = (method: string): string => `${method}.json`;

/**
 * Calls a method of an object's stub with JSON: the caller's context, then the arguments. The runtime copies a value of
 * many fields across an RPC field by field, which takes longer than to write and parse it as one text. Long values and
 * those with a bigint are sent field by field all the same, and so are those for an object of an earlier version of the
 * Worker. So no text has to be looked through for large numbers.
 */
export async function sendAsText(
  stub: Record<string, unknown>,
  method: string,
  args: readonly unknown[],
): Promise<unknown> {
  const sendFields = () => sendInContext(stub as Record<string, Method>, method, args);
  if (!fitsText(args)) return read(await sendFields());
  const text = JSON.stringify([currentContext(), ...args]);
  let reply: unknown;
  try {
    reply = await (stub[textMethod(method)] as Method)(text);
  } catch (error) {
    if (!isUnknownMethod(error)) throw error;
    reply = await sendFields();
  }
  return read(reply);
}

/** A result is an object: a text is that object's JSON. */
const read = (reply: unknown): unknown =>
  typeof reply === "string" ? parseJson(reply, false) : reply;

/** The runtime's words: the error has no code. Nothing of the call was done. */
const isUnknownMethod = (error: unknown): boolean =>
  error instanceof Error && /RPC receiver does not implement/.test(error.message);

/** The other end of {@link sendAsText}. @param known - added to the caller's context */
export async function serveAsText(
  text: string,
  known: Partial<RequestContext>,
  serve: (args: unknown[]) => Promise<unknown>,
): Promise<unknown> {
  const [context, ...args] = parseJson(text, false) as [RequestContext | null, ...unknown[]];
  const result = await serveInContext(context, known, () => serve(args));
  return fitsText(result) ? JSON.stringify(result) : result;
}

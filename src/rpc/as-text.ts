import { currentContext } from "../observe/request-context.ts";
import type { RequestContext } from "../observe/request-context.ts";
import { parseJson } from "../shared/json.ts";
import { serveInContext } from "./carry-context.ts";

type TextMethod = (text: string) => Promise<string>;

/**
 * Calls a method of an object's stub with JSON: the caller's context, then the arguments. The runtime copies a value of
 * many fields across an RPC field by field, which takes longer than to write and parse it as one text.
 */
export async function sendAsText(
  stub: Record<string, unknown>,
  method: string,
  args: readonly unknown[],
): Promise<unknown> {
  const text = JSON.stringify([currentContext(), ...args]);
  return parseJson(await (stub[method] as TextMethod)(text));
}

/** The other end of {@link sendAsText}. @param known - added to the caller's context */
export async function serveAsText(
  text: string,
  known: Partial<RequestContext>,
  serve: (args: unknown[]) => Promise<unknown>,
): Promise<string> {
  const [context, ...args] = parseJson(text) as [RequestContext | null, ...unknown[]];
  return JSON.stringify(await serveInContext(context, known, () => serve(args)));
}

import { currentContext, runInContext } from "../observe/request-context.ts";
import type { RequestContext } from "../observe/request-context.ts";

type Method = (...args: unknown[]) => unknown;

/** Calls a method of an object's stub. The caller's context goes along as its first argument. */
export const sendInContext = (
  stub: Record<string, Method>,
  method: string,
  args: readonly unknown[],
): unknown => (stub[method] as Method)(currentContext(), ...args);

/** Runs a method in the context that came as its first argument. */
export const serveInContext = <T>(
  context: RequestContext | null,
  known: Partial<RequestContext>,
  work: () => T,
): T => (context ? runInContext({ ...context, ...known }, work) : work());

/** A stub whose methods take their arguments alone: each call sends the context with them. */
export function sendsContext<T extends object>(stub: T): T {
  const get =
    (target: T, name: string | symbol) =>
    (...args: unknown[]) =>
      sendInContext(target as Record<string, Method>, name as string, args);
  return new Proxy(stub, { get });
}

/** Has each method of a class take a context before its arguments, and run in it: the other end of {@link sendsContext}. */
export function takesContext(prototype: object): void {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (name === "constructor" || typeof value !== "function") continue;
    const method = value as Method;
    Object.defineProperty(prototype, name, {
      value(this: object, context: RequestContext | null, ...args: unknown[]) {
        return serveInContext(context, {}, () => method.apply(this, args));
      },
    });
  }
}

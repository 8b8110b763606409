import { serveAsText, textMethod } from "../../src/rpc/as-text.ts";

type Method = (...args: never[]) => unknown;

/** A method as a stub has it, by its name: with the caller's context before its arguments, or all of it as JSON. */
export const rpcMethod = (name: string, method: Method) =>
  name.endsWith(textMethod(""))
    ? (text: string) => serveAsText(text, {}, async (args) => method(...(args as never[])))
    : (_context: unknown, ...args: never[]) => method(...args);

/** What `getByName` answers where an object does as it is told: its methods take no context before their arguments. */
export const objectStub = (methods: Record<string, Method>): object =>
  Object.fromEntries(
    Object.entries(methods).flatMap(([rpc, method]) =>
      [rpc, textMethod(rpc)].map((name) => [name, rpcMethod(name, method)] as const),
    ),
  );

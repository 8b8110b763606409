import { FACETS } from "../../src/account/rpc/facets.ts";
import type { AnyMethod } from "../../src/account/rpc/facet.ts";
import { serveAsText } from "../../src/rpc/as-text.ts";

type Method = (...args: never[]) => unknown;

const facets: Record<string, Record<string, AnyMethod>> = FACETS;

function isText(rpc: string): boolean {
  const [facet = "", name = ""] = rpc.split(".");
  return facets[facet]?.[name]?.isText === true;
}

/** A method as a stub has it: with the caller's context before its arguments, or all of it as JSON. */
export const rpcMethod = (rpc: string, method: Method) =>
  isText(rpc)
    ? (text: string) => serveAsText(text, {}, async (args) => method(...(args as never[])))
    : (_context: unknown, ...args: never[]) => method(...args);

/** What `getByName` answers where an object does as it is told: its methods take no context before their arguments. */
export const objectStub = (methods: Record<string, Method>): object =>
  Object.fromEntries(Object.entries(methods).map(([rpc, method]) => [rpc, rpcMethod(rpc, method)]));

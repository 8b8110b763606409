import type { RpcName } from "./facets.ts";

/**
 * RPC methods whose arguments and result cross as JSON: faster for values of many fields. They hold nothing that JSON has
 * not.
 */
export const TEXT_METHODS: ReadonlySet<string> = new Set<RpcName>([
  "calls.create",
  "turns.begin",
  "turns.settle",
]);

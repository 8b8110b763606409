import { expect, it } from "vitest";

import { accountRpc } from "../../src/account/account-client.ts";
import { FACETS } from "../../src/account/rpc/facets.ts";
import { TEXT_METHODS } from "../../src/account/rpc/text-methods.ts";

/** An object that notes by which names it is called. */
function noting() {
  const names: string[] = [];
  const get = (_target: object, name: string) => () => names.push(name);
  return { names, rpc: accountRpc(new Proxy({}, { get }) as never) };
}

it("calls each method by the names of its facet and its own", async () => {
  const { names, rpc } = noting();
  const all = Object.entries(FACETS).flatMap(([facet, methods]) =>
    Object.keys(methods).map((name) => [facet, name] as const),
  );
  for (const [facet, name] of all)
    await (rpc as unknown as Record<string, Record<string, () => unknown>>)[facet]?.[name]?.();
  const expected = all.map((path) => path.join("."));
  expect(names).toEqual(expected.map((name) => (TEXT_METHODS.has(name) ? `${name}.json` : name)));
});

it("makes no call where a facet is awaited or printed", async () => {
  const { names, rpc } = noting();
  const { sessions } = rpc;
  expect((await (sessions as unknown)) === sessions).toBe(true);
  for (const each of [rpc, sessions]) {
    for (const name of ["toString", "valueOf"])
      expect(Reflect.get(each, name)).toBe(Reflect.get(Object.prototype, name));
    expect(Reflect.get(each, "toJSON")).toBe(undefined);
  }
  expect(names).toEqual([]);
});

import { expect, it } from "vitest";

import conversation from "../../migrations/conversation.sql";
import directory from "../../migrations/directory.sql";
import { FACETS } from "../../src/account/rpc/facets.ts";

const [page = ""] = Object.values(
  import.meta.glob<string>("../../docs/decisions/0042-*.md", {
    query: "?raw",
    import: "default",
    eager: true,
  }),
);
const sources = Object.values(
  import.meta.glob<string>("../../src/account/**/*.ts", {
    query: "?raw",
    import: "default",
    eager: true,
  }),
);

/** The first column of the table under a heading, as `of.name`: it has groups such as "`of`: `name`, `name`; `name`". */
function listed(heading: string): string[] {
  const section = page.split(`### ${heading}\n`)[1]?.split(/\n##/)[0] ?? "";
  const cells = [...section.matchAll(/^\| ([^|]*`[^|]*) \|/gm)].map(([, cell = ""]) => cell.trim());
  return cells
    .flatMap((cell) => cell.split("; "))
    .flatMap((group) => {
      const [, of, names = ""] = /^(?:`?(\w+)`?: )?(.*)$/.exec(group) ?? [];
      const all = [...names.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
      return of === undefined ? all : all.map((name) => `${of}.${name}`);
    })
    .toSorted();
}

const tablesOf = (sql: string): string[] =>
  [...sql.matchAll(/^create (?:virtual )?table (\w+)/gim)].map(([, name = ""]) => name);

/** The names of the values in the table `account`. Modules add theirs to one interface. */
const valuesIn = (source: string): string[] =>
  [...source.matchAll(/^( *)(?:export )?interface AccountValues \{\n([^]*?)\n\1\}/gm)].flatMap(
    ([, indent = "", body = ""]) =>
      [...body.matchAll(new RegExp(`^${indent}  (\\w+)\\??:`, "gm"))].map(([, name = ""]) => name),
  );

it("says where each row of an account of several objects is kept", () => {
  // The table `account` is listed by its values.
  const tables = tablesOf(conversation).filter((name) => name !== "account");
  const values = sources.flatMap(valuesIn).map((name) => `account.${name}`);
  const ofDirectory = tablesOf(directory).map((name) => `directory.${name}`);
  expect(Math.min(tables.length, values.length)).toBeGreaterThan(25);
  expect(listed("Rows")).toEqual([...tables, ...values, ...ofDirectory].toSorted());
});

it("says where each RPC method of an account of several objects goes", () => {
  const methods = Object.entries(FACETS).flatMap(([facet, all]) =>
    Object.keys(all).map((name) => `${facet}.${name}`),
  );
  expect(methods.length).toBeGreaterThan(90);
  expect(listed("RPC methods")).toEqual(methods.toSorted());
});

import { expect, it } from "vitest";

const [page = "", code = ""] = Object.values(
  import.meta.glob<string>(["../../docs/integrations/tracing.md", "../../src/observe/spans.ts"], {
    query: "?raw",
    import: "default",
    eager: true,
  }),
);

/** The names that the first column of the page's table has. */
const documented = (heading: string): string[] => {
  const section = page.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, name = ""]) => name);
};

it("are all spans of the code, and no others", () => {
  const [, union = ""] = /export type SpanName =([^;]+);/.exec(code) ?? [];
  const names = [...union.matchAll(/["`]([^"`]+)["`]/g)].map(([, name = ""]) =>
    name.replace(/\$\{\w+\}/, "<model>"),
  );
  expect(names.length).toBeGreaterThan(4);
  expect(documented("Spans").toSorted()).toEqual(names.toSorted());
});

it("have all attributes of the code, and no others", () => {
  const [, shape = ""] = /export interface SpanAttributes \{([^}]+)\}/.exec(code) ?? [];
  const names = [...shape.matchAll(/^ {2}"([^"]+)"\?:/gm)].map(([, name = ""]) => name);
  expect(names.length).toBeGreaterThan(15);
  expect(documented("Attributes").toSorted()).toEqual(names.toSorted());
});

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { guides, makeLlmsTxt } from "../../docs/llms.ts";

const PROJECT = join(import.meta.dirname, "../..");

it("is as npm run generate:llms writes it", () => {
  expect(readFileSync(join(PROJECT, "llms.txt"), "utf8")).toBe(makeLlmsTxt());
});

it("has every page of the docs: each guide stands in the README's table", () => {
  const pages = globSync("docs/*.md", { cwd: PROJECT });
  const listed = new Set(guides().map(({ path }) => path));
  expect(pages.filter((page) => !listed.has(page))).toEqual([]);
  const links = [...makeLlmsTxt().matchAll(/\]\(([^)]+)\)/g)].map(([, path = ""]) => path);
  expect(links.toSorted()).toEqual(
    globSync(["docs/*.md", "docs/{migrate,integrations}/*.md"], { cwd: PROJECT }).toSorted(),
  );
});

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, inject, it } from "vitest";

const PROJECT = join(import.meta.dirname, "../..");
const server = inject("server");

it("serves llms.txt and each page that it links to, without a key", async () => {
  const index = await fetch(`${server}/llms.txt`);
  expect(index.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  const text = await index.text();
  expect(text).toBe(readFileSync(join(PROJECT, "llms.txt"), "utf8"));
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, path = ""]) => path);
  expect(links.length).toBeGreaterThan(40);
  for (const path of links) {
    const page = await fetch(new URL(path, `${server}/llms.txt`));
    expect([path, page.status]).toEqual([path, 200]);
    expect(page.headers.get("content-type")).toBe("text/markdown; charset=utf-8");
    expect(await page.text()).toBe(readFileSync(join(PROJECT, path), "utf8"));
  }
});

it.each(["/docs/no-such-page.md", "/docs/check.ts", "/docs/%2e%2e/index.html", "/docs/a/b/c.md"])(
  "has nothing at %s",
  async (path) => {
    expect((await fetch(server + path)).status).toBe(404);
  },
);

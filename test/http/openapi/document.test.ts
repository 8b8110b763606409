import { expect, it } from "vitest";

import { documentedPath, makeDocument } from "../../../src/http/openapi/document.ts";
import { ROUTES, SUBJECTS } from "../../../src/http/route-table.ts";
import { Client } from "../../support/client.ts";
import { LOCKED } from "../../support/keys.ts";

const document = makeDocument(SUBJECTS);
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ method, path, operation })),
);

it("describes every route", () => {
  const documented = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  const routes = ROUTES.map(({ method, path }) => `${method} ${documentedPath(path)}`);
  expect(documented.toSorted()).toEqual(routes.toSorted());
});

it("is open to requests without a key", async () => {
  const answer = await new Client(LOCKED).get("/openapi.json");
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual(JSON.parse(JSON.stringify(document)));
});

it("names each operation once, and every parameter of its path", () => {
  const names = operations.map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { path, operation } of operations) {
    const inPath = operation.parameters.filter((parameter) => parameter.in === "path");
    expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
  }
});

it("has every schema that it names, and names every one that it has", () => {
  const named = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    ([, to = ""]) => to,
  );
  const there = Object.keys(document.components.schemas);
  expect([...new Set(named)].toSorted()).toEqual(
    there.map((name) => `#/components/schemas/${name}`).toSorted(),
  );
});

it("says of a schema what only a function of the route knows", () => {
  const { schemas } = document.components;
  expect(schemas["State"]).toMatchObject({ type: "object" });
  expect(schemas["Metadata"]).toMatchObject({
    maxProperties: 16,
    propertyNames: { maxLength: 64 },
    additionalProperties: { maxLength: 512 },
  });
  expect(schemas["CreateResponseBody"]).toMatchObject({
    properties: {
      input: { anyOf: [{ anyOf: [{ type: "string" }, { type: "array" }] }, { type: "null" }] },
    },
  });
});

const [reference = ""] = Object.values(
  import.meta.glob<string>("../../../docs/quick-reference.md", {
    query: "?raw",
    import: "default",
    eager: true,
  }),
);

it("names Idempotency-Key where the route takes one, and the reference how each POST is repeated", () => {
  const takesKey = operations.filter(({ operation }) =>
    operation.parameters.some(({ name }) => name === "Idempotency-Key"),
  );
  const posts = ROUTES.filter(({ method }) => method === "POST");
  const paths = (how: "key" | "safe" | "refused") =>
    posts
      .filter(({ repeat }) => (typeof repeat === "object" ? "refused" : repeat) === how)
      .map(({ path }) => documentedPath(path))
      .toSorted();
  expect(takesKey.map(({ path }) => path).toSorted()).toEqual(paths("key"));
  const section = reference.split("## Repeating a POST\n")[1]?.split("\n## ")[0] ?? "";
  // Each list is a paragraph that begins with a path.
  const listed = section
    .split("\n\n")
    .filter((paragraph) => paragraph.startsWith("`/"))
    .map((paragraph) =>
      [...paragraph.matchAll(/`([^`]+)`/g)].map(([, path = ""]) => path).toSorted(),
    );
  expect(listed).toEqual([paths("key"), paths("safe"), paths("refused")]);
});

const sha256 = async (text: string): Promise<string> =>
  Buffer.from(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toString(
    "base64",
  );

it("is a page for people, which loads nothing and runs its own filter alone", async () => {
  const response = await new Client(LOCKED).fetch("GET", "/docs");
  const page = await response.text();
  expect(response.headers.get("content-type")).toBe("text/html; charset=UTF-8");
  const style = await sha256(/<style>([^]*?)<\/style>/.exec(page)?.[1] ?? "");
  const script = await sha256(/<script>([^]*?)<\/script>/.exec(page)?.[1] ?? "");
  expect(response.headers.get("content-security-policy")).toBe(
    `default-src 'none'; style-src 'sha256-${style}'; script-src 'sha256-${script}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  const links = [...page.matchAll(/ (?:href|src|action)="([^"]*)"|url\(([^)]*)/g)];
  const anchors = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, name]) => `#${name}`));
  for (const [, to = "a URL in the style"] of links)
    expect(to === "/openapi.json" || anchors.has(to)).toBe(true);
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).not.toMatch(/<img|<link|<iframe|<style>[^]*<style>|\son\w+=/);
  for (const { operation } of operations) expect(anchors).toContain(`#${operation.operationId}`);
});

it("shows the fields of a body where the route is, and no mark of Markdown", async () => {
  const page = await (await new Client().fetch("GET", "/docs")).text();
  const query = /<section id="ask"[^]*?<\/section>/.exec(page)?.[0] ?? "";
  expect(query).toContain('<a href="#schema-AskBody">AskBody</a>');
  expect(query).toContain('session_id?: <a href="#schema-Id">Id</a>');
  expect(query).toContain("<code>session_busy</code>");
  expect(page.replace(/<script>[^]*<\/script>/, "")).not.toContain("`");
});

it("shows a call of each operation that the operation takes", async () => {
  const page = await (await new Client().fetch("GET", "/docs")).text();
  expect(page).toContain("$BASE/search?q=Hello");
  const body = /-d &#39;(\{&quot;query&quot;.*?)&#39;/.exec(page)?.[1]?.replaceAll("&quot;", '"');
  const { status } = await new Client().post("/query", { body: body ?? "" });
  expect(status).toBe(200);
});

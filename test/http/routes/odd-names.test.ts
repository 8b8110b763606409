import { describe, expect, inject, it } from "vitest";

import { ROUTES } from "../../../src/http/route-table.ts";
import { Client, freshAccount } from "../../support/client.ts";
import { root } from "../../support/keys.ts";

/** Names that every object of JavaScript has, and the one that sets its prototype. */
const ODD = ["__proto__", "constructor", ...(inject("isLarge") ? ["toString"] : [])];
const PLAIN = "zqzqz";

/** What a name brings about, whatever the name. */
async function seen(client: Client, method: string, path: string, name: string, body?: string) {
  const response = await client.fetch(method, path, body === undefined ? {} : { body });
  const type = response.headers.get("content-type");
  const text = (await response.text()).replaceAll(name, "NAME");
  const refusal = type?.includes("json") ? (JSON.parse(text.split("\n")[0] || "{}") as object) : {};
  const { code, error } = refusal as { code?: string; error?: { code?: string } | string };
  return { status: response.status, code: code ?? (typeof error === "object" ? error.code : null) };
}

/** Each name has an account of its own: before a request, all of them have seen the same. */
const clients = new Map([PLAIN, ...ODD].map((name) => [name, new Client()]));

const PLACES = ROUTES.map(({ method, path }) => ({ method, path, place: `${method} ${path}` }));

describe.each(PLACES)("$place", ({ method, path }) => {
  const named = (name: string) =>
    path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, (_, parameter: string) =>
      parameter === "account_id" ? "odd-names" : name,
    );

  it("takes an odd name for an unknown one, in its query string and in its body", async () => {
    const over = (name: string, way: (name: string) => [path: string, body?: string]) => {
      const [to, body] = way(name);
      return seen(clients.get(name) ?? new Client(), method, to, name, body);
    };
    const ways: ((name: string) => [path: string, body?: string])[] = [
      (name) => [`${named("none")}?${name}=x`],
      ...(method === "GET" ? [] : ['"x"', "{}", "null"]).map(
        (value) =>
          (name: string): [string, string] => [named("none"), `{"${name}":${value}}`],
      ),
    ];
    for (const way of ways) {
      const plain = await over(PLAIN, way);
      for (const name of ODD)
        expect({ name, ...(await over(name, way)) }).toEqual({ name, ...plain });
    }
  });
});

it("an assistant of an odd name is one like any other", async () => {
  const account = freshAccount();
  const path = (name: string) => `/admin/accounts/${account}/assistants/${name}`;
  for (const name of ["constructor", "toString", PLAIN]) {
    expect((await root.call("DELETE", path(name))).status).toBe(404);
    const body = { retention_days: 3 };
    expect(await root.call("PUT", path(name), { body })).toMatchObject({
      status: 200,
      body: { name },
    });
    expect((await root.call("DELETE", path(name))).status).toBe(200);
  }
});

it("a rule of retention for an odd name has the days that it says, and no others", async () => {
  const client = new Client();
  for (const assistant of ["constructor", "toString", PLAIN]) {
    const rules = [{ assistant, age_days: 3 }];
    const { body } = await client.call("PUT", "/retention", { body: { rules } });
    expect(body.effective.rules).toEqual(rules);
    await client.ask("Hi", {}, { at: Date.now() - 1_000 });
    expect((await client.get("/storage-stats")).body.due_for_purge).toBe(0);
  }
});

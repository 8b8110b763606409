import { describe, expect, it } from "vitest";

import { Client } from "../../../support/client.ts";
import { LOCKED, keyHolder } from "../../../support/keys.ts";

const settings = {
  MODEL: "openai/gpt-5,local",
  MODEL_ALIASES: "fast=openai/gpt-5,any=default,guide=assistant/travel,*=default",
  EMBEDDING_MODEL: "openai/embed",
};

const owners = (models: { id: string; owned_by: string }[]): Record<string, string> =>
  Object.fromEntries(models.map(({ id, owned_by }) => [id, owned_by]));

describe("GET /v1/models", () => {
  it("lists the models that can be asked, each once", async () => {
    const client = new Client(settings);
    await client.call("PUT", `/admin/accounts/${client.account}/assistants/support`, {
      body: { models: ["openai/gpt-mini", "local"] },
    });
    const { status, body } = await client.get("/v1/models");
    expect(status).toBe(200);
    expect(body).toMatchObject({ object: "list", has_more: false });
    expect(body.data[0]).toEqual({
      id: "default",
      object: "model",
      created: expect.any(Number),
      owned_by: "colloquy",
    });
    expect(owners(body.data)).toMatchObject({
      default: "colloquy",
      "openai/gpt-5": "openai",
      local: "local",
      "openai/gpt-mini": "openai",
      "openai/embed": "openai",
      fast: "openai",
      any: "colloquy",
      guide: "colloquy",
      "assistant/default": "colloquy",
      "assistant/support": "colloquy",
    });
    const ids = body.data.map(({ id }: { id: string }) => id);
    expect(ids).not.toContain("*");
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("does not list assistants that the caller may not use", async () => {
    const { account } = new Client();
    const { key } = await keyHolder(["read", "query"], account);
    const client = new Client({ ...LOCKED, ...settings }, account, key);
    const ids = (await client.get("/v1/models")).body.data.map(({ id }: { id: string }) => id);
    expect(ids).toContain("assistant/customer");
    expect(ids).not.toContain("assistant/admin");
  });
});

describe("GET /v1/models/{id}", () => {
  it("tells one, its slash encoded or not", async () => {
    const client = new Client(settings);
    for (const path of ["openai/gpt-5", "openai%2Fgpt-5"])
      expect(await client.get(`/v1/models/${path}`)).toMatchObject({
        status: 200,
        body: { id: "openai/gpt-5", object: "model", owned_by: "openai" },
      });
    expect((await client.get("/v1/models/assistant%2Fdefault")).status).toBe(200);
  });

  it("knows no others", async () => {
    const client = new Client(settings);
    for (const id of ["gpt-x", "*", "assistant/none"])
      expect(await client.get(`/v1/models/${encodeURIComponent(id)}`)).toMatchObject({
        status: 404,
        body: { error: { code: "model_not_found", param: "model" } },
      });
  });
});

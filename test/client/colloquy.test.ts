import { randomUUID } from "node:crypto";

import { expect, inject, test } from "vitest";

import { createColloquy, ndjson, unwrap } from "../../src/client/index.ts";
import type { ErrorCode } from "../../src/client/index.ts";

const client = () =>
  createColloquy({ baseUrl: inject("server"), account: `client-${randomUUID()}` });

test("streams the pieces of an answer, and then its reply", async () => {
  const colloquy = client();
  const answer = colloquy.ask("/query", { query: "My name is Alice", session_id: "s" });
  let text = "";
  for await (const delta of answer) text += delta;
  const reply = await answer.reply();
  expect(text).toBe(reply.response);
  expect(reply).toMatchObject({ session_id: "s", stored: true });
  const turns = await unwrap(
    colloquy.GET("/sessions/{session_id}/turns", { params: { path: { session_id: "s" } } }),
  );
  expect(turns.data).toHaveLength(1);
});

test("gives the reply of a stream that is not read", async () => {
  const { response } = await client().ask("/query", { query: "What is 2 + 3?" }).reply();
  expect(response).toContain("5");
});

test("throws what a stream is refused with", async () => {
  const answer = client().ask("/query", { query: "Hello", assistant: "nobody-of-this-name" });
  const read = async () => {
    for await (const _ of answer);
  };
  await expect(read()).rejects.toMatchObject({ code: "assistant_not_found", status: 404 });
});

test("throws what a stream fails with", async () => {
  const answer = client().ask("/query", { query: "Hello", model: "openai/status-400" });
  const read = async () => {
    for await (const _ of answer);
  };
  await expect(read()).rejects.toMatchObject({ name: "ColloquyError", code: expect.any(String) });
  await expect(answer.reply()).rejects.toThrow(/left before its end/);
});

test("lists all pages, and exports all lines", async () => {
  const colloquy = client();
  const lines = Array.from({ length: 7 }, (_, number) => [
    { type: "session", format: 8, session_id: `s${number}`, user_id: "ann", turns: 1 },
    { type: "turn", input: `Question ${number}`, output: `Answer ${number}` },
  ]).flat();
  const imported = await unwrap(colloquy.POST("/import", { ...ndjson(lines) }));
  expect(imported).toMatchObject({ sessions: 7, problem_count: 0 });
  const ids: string[] = [];
  const query = { limit: 3, user_id: "ann" };
  for await (const { session_id } of colloquy.list("/sessions", { params: { query } }))
    ids.push(session_id);
  expect(ids.toSorted()).toEqual(["s0", "s1", "s2", "s3", "s4", "s5", "s6"]);
  let exported = 0;
  for await (const line of colloquy.lines("/export")) {
    expect(line).toBeTypeOf("object");
    exported += 1;
  }
  expect(exported).toBeGreaterThanOrEqual(14);
});

test("a list can be left in the middle", async () => {
  const colloquy = client();
  for (const session_id of ["a", "b", "c"])
    await colloquy.POST("/query", { body: { query: "Hi", session_id } });
  let seen = 0;
  for await (const _ of colloquy.list("/sessions", { params: { query: { limit: 1 } } })) {
    seen += 1;
    if (seen === 2) break;
  }
  expect(seen).toBe(2);
});

test("errors are a union of the codes that the operation has", async () => {
  const { error, response } = await client().GET("/sessions/{session_id}", {
    params: { path: { session_id: "none" } },
  });
  expect(response.ok).toBe(false);
  // The types hold: these two assignments compile, and the operation has no such code as `turn_lost`.
  const code: ErrorCode | undefined = error?.code;
  // @ts-expect-error -- no GET is refused with it
  const other: "turn_lost" | undefined = error?.code;
  expect([code, other]).toEqual(["session_not_found", "session_not_found"]);
});

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { connect } from "../../../src/cli/client.ts";
import { kindOf } from "../../../src/cli/files/detect.ts";
import { uploadSpans } from "../../../src/cli/opentelemetry/upload-spans.ts";
import { spansText } from "../../../src/cli/report-text.ts";
import found from "../../fixtures/sources/opentelemetry.json" with { type: "json" };
import { freshStorage, startServer } from "../../journeys/server.ts";
import type { Server } from "../../journeys/server.ts";
import { freshDirectory, saved } from "../files/found.ts";

let colloquy: Server;
beforeAll(async () => {
  colloquy = await startServer(freshStorage());
});
afterAll(() => colloquy.stop());

/** Uploads a file or a directory, and reads its calls back. */
async function uploaded(account: string, path: string) {
  const target = { to: new URL(colloquy.url), key: undefined, account };
  const done = await uploadSpans(
    connect(target, () => undefined),
    path,
    { dryRun: false },
  );
  return { done, calls: await callsOf(account) };
}

interface Read {
  created_at: string;
  status: string;
  model: string;
  provider: string;
  error: { code: string; message: string } | null;
  usage: { input_tokens: number; output_tokens: number } | null;
  // oxlint-disable-next-line typescript/no-explicit-any -- what a client gets is JSON
  events: any[];
}

// oxlint-disable-next-line typescript/no-explicit-any -- what a client gets is JSON
const get = async (account: string, path: string): Promise<any> =>
  (await fetch(`${colloquy.url}${path}?account_id=${account}`)).json();

/** In the order in which they were made. */
async function callsOf(account: string): Promise<Read[]> {
  const { data } = await get(account, "/calls");
  const calls: Read[] = await Promise.all(
    // oxlint-disable-next-line typescript/no-explicit-any -- what a client gets is JSON
    data.map(async (call: any) => ({
      ...call,
      events: (await get(account, `/calls/${call.call_id}/events`)).data,
    })),
  );
  return calls.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
}

const request = (read: Read | undefined) => read?.events[0].payload;
const answer = (read: Read | undefined) => read?.events[1]?.payload.choices[0];
const WEATHER = {
  type: "function",
  function: { name: "weather", arguments: '{"city":"Kraków"}' },
};
const RESULT = { role: "tool", tool_call_id: "call_a", content: "rain" };

test("spans of Traceloop 0.27.0 become calls, each once", async () => {
  const path = await saved("spans.jsonl", `${JSON.stringify(found.traceloop.spans)}\n`);
  expect(await kindOf(path)).toBe("opentelemetry");
  const { done, calls } = await uploaded("traceloop", path);
  // Of a call that fails it writes no span.
  expect(done).toMatchObject({ spans: 6, calls: 6, created: 6, known: 0, errors: [] });
  const [first, second, streamed, response, lost, items, ...none] = calls;
  expect(none).toEqual([]);
  const asked = [
    { role: "system", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "text", text: "Is it raining here?" },
        { type: "image_url", image_url: { url: "https://example.com/sky.png" } },
      ],
    },
  ];
  expect(first).toMatchObject({
    status: "completed",
    model: "gpt-5-2026",
    provider: "openai",
    usage: { input_tokens: 12, output_tokens: 5 },
  });
  expect(request(first)).toMatchObject({ model: "gpt-5", temperature: 0.5, messages: asked });
  expect(request(first).tools).toHaveLength(1);
  const call = { role: "assistant", content: null, tool_calls: [{ id: "call_a", ...WEATHER }] };
  expect(answer(first)).toEqual({ index: 0, message: call, finish_reason: "tool_calls" });
  expect(request(second).messages).toEqual([...asked, call, RESULT]);
  expect(answer(streamed).message.content).toBe("It rains.");
  // It does not write the instructions of a response.
  expect(request(response).messages).toEqual([{ role: "user", content: "Is it raining?" }]);
  // It writes a response's call as a text without words: that is told.
  expect(lost?.events).toHaveLength(1);
  expect(done.left_out.toJSON()).toEqual({ "empty texts": 1 });
  expect(spansText(done)).toContain("empty texts: the instrumentation wrote a tool call");
  // It writes a list of items as one text: they are items again.
  expect(request(items).input.map(({ type = "message" }) => type)).toEqual([
    "message",
    "function_call",
    "function_call_output",
  ]);
  const again = await uploaded("traceloop", path);
  expect(again.done).toMatchObject({ created: 0, known: 6, errors: [] });
});

test("spans of OpenTelemetry 0.22.0 have their words from log records in another file", async () => {
  const directory = await freshDirectory();
  await writeFile(join(directory, "a.json"), JSON.stringify(found.own.spans));
  await writeFile(join(directory, "b.json"), JSON.stringify(found.own.records));
  expect(await kindOf(directory)).toBe("opentelemetry");
  const { done, calls } = await uploaded("own", directory);
  expect(done).toMatchObject({ spans: 7, calls: 7, created: 7, errors: [] });
  expect(done.left_out.toJSON()).toEqual({});
  const [first, second, , response, lookedUp, items, failed] = calls;
  expect(request(first).messages).toEqual([
    { role: "system", content: "Be brief." },
    // It does not write pictures.
    { role: "user", content: "Is it raining here?" },
  ]);
  expect(answer(first).message.tool_calls).toEqual([{ id: "call_a", ...WEATHER }]);
  expect(request(second).messages.at(-1)).toEqual(RESULT);
  // The instructions are on the span and in the record: once.
  expect(request(response).messages).toEqual([
    { role: "system", content: "Be brief." },
    { role: "user", content: "Is it raining?" },
  ]);
  expect(answer(lookedUp).message.tool_calls).toEqual([{ id: "call_b", ...WEATHER }]);
  expect(request(items).messages.slice(2)).toEqual([
    { role: "assistant", content: null, tool_calls: [{ id: "call_b", ...WEATHER }] },
    { ...RESULT, tool_call_id: "call_b" },
  ]);
  expect(failed).toMatchObject({
    status: "failed",
    error: { code: "BadRequestError", message: "400 No such model." },
  });
});

test("instructions are on the span where the words were not captured", async () => {
  const path = await saved("spans.json", JSON.stringify(found.own.spans));
  const { done, calls } = await uploaded("wordless", path);
  expect(done).toMatchObject({ calls: 7, created: 7 });
  expect(request(calls[3]).messages).toEqual([{ role: "system", content: "Be brief." }]);
});

import { tracing } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";

import { withSpan } from "../../src/observe/spans.ts";
import { Client, DAY } from "../support/client.ts";

afterEach(() => void vi.restoreAllMocks());

interface Recorded {
  name: string;
  attributes: Record<string, unknown>;
  status: unknown;
}

type Span = ReturnType<typeof tracing.getActiveSpan>;
const activeSpan = (span: { isTraced: boolean } | undefined) =>
  vi.spyOn(tracing, "getActiveSpan").mockReturnValue(span as Span);

/** The spans that are entered from here on, in the order of their begin. */
function watchSpans(): Recorded[] {
  const spans: Recorded[] = [];
  activeSpan({ isTraced: true });
  vi.spyOn(tracing, "enterSpan").mockImplementation(((
    name: string,
    work: (span: unknown) => unknown,
  ) => {
    const recorded: Recorded = { name, attributes: {}, status: null };
    spans.push(recorded);
    return work({
      isTraced: true,
      setAttributes: (more: object) => Object.assign(recorded.attributes, more),
      setStatus: (status: unknown) => (recorded.status = status),
    });
  }) as typeof tracing.enterSpan);
  return spans;
}

const find = (spans: Recorded[], name: string) => spans.find((span) => span.name === name);

const breakAtOnce = () => {
  throw new TypeError("at once");
};
const fail = () => Promise.reject(new TypeError("with a caller's words"));

describe("a span", () => {
  it("covers each step of a turn, and says nothing of its words", async () => {
    const client = new Client();
    const spans = watchSpans();
    const { body } = await client.ask("My secret is 4711", { session_id: "s" });
    expect(spans.map(({ name }) => name)).toEqual([
      "colloquy.turn.begin",
      "chat local",
      "colloquy.turn.settle",
    ]);
    const about = { "gen_ai.conversation.id": "s", "colloquy.account_id": client.account };
    for (const span of spans)
      expect(span).toMatchObject({ attributes: about, status: { code: "ok" } });
    expect(find(spans, "chat local")?.attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "local",
      "gen_ai.response.model": "local",
      "gen_ai.response.finish_reasons": "stop",
      "gen_ai.usage.output_tokens": expect.any(Number),
      "colloquy.call_id": body.call_id,
    });
    expect(JSON.stringify(spans)).not.toContain("4711");
  });

  it("of a model has what was said where TRACE_CONTENT is on", async () => {
    const spans = watchSpans();
    await new Client({ TRACE_CONTENT: "on" }).ask("My secret is 4711");
    const { attributes } = find(spans, "chat local") as Recorded;
    expect(attributes["gen_ai.input.messages"]).toContain("4711");
    expect(attributes["gen_ai.output.messages"]).toEqual(expect.any(String));
  });

  it("of a model that fails has the status error, and the code", async () => {
    const spans = watchSpans();
    const vars = { MODEL: "openai/none", OPENAI_BASE_URL: "http://127.0.0.1:9/v1" };
    await new Client(vars).ask("Hi");
    expect(find(spans, "chat none")).toMatchObject({
      attributes: { "gen_ai.provider.name": "openai", "error.type": "model_failed" },
      status: { code: "error", message: "model_failed" },
    });
  });

  it("covers a sweep, and a session that is archived and brought back", async () => {
    const client = new Client();
    await client.ask("Hi", { session_id: "s" }, { at: Date.now() - 40 * DAY });
    const spans = watchSpans();
    await client.post("/purge");
    await client.post("/archives/s/restore");
    await client.post("/sessions/s/archive");
    expect(find(spans, "colloquy.sweep")).toMatchObject({
      attributes: { "colloquy.sessions": 1, "colloquy.errors": 0 },
    });
    for (const name of ["colloquy.restore", "colloquy.archive"])
      expect(find(spans, name)).toMatchObject({
        attributes: { "gen_ai.conversation.id": "s" },
        status: { code: "ok" },
      });
  });

  it("of the runtime passes on what the work returns and throws", async () => {
    const about = { "gen_ai.request.temperature": undefined };
    await expect(withSpan("colloquy.sweep", about, fail)).rejects.toMatchObject({
      name: "TypeError",
    });
    expect(await withSpan("colloquy.sweep", about, () => 7)).toBe(7);
  });

  it("is entered where the request is recorded, or nothing says so, and else its work runs alone", async () => {
    const spans = watchSpans();
    const run = async (active: { isTraced: boolean } | undefined) => {
      activeSpan(active);
      return withSpan("colloquy.sweep", {}, () => spans.length);
    };
    expect(await run({ isTraced: false })).toBe(0);
    expect(await run({ isTraced: true })).toBe(1);
    expect(await run(undefined)).toBe(2);
    activeSpan({ isTraced: false });
    await expect(withSpan("colloquy.sweep", {}, breakAtOnce)).rejects.toThrow("at once");
  });
});

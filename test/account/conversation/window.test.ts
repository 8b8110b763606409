import { describe, expect, it, vi } from "vitest";

import { PLAIN } from "../../../src/assistants/shipped.ts";
import { callId, turnId } from "../../../src/shared/ids.ts";
import type { Item, Message, Part } from "../../../src/shared/items.ts";
import { findDetails, putDetails } from "../../../src/account/store/sessions/sessions.ts";
import {
  WHOLE_LENGTH,
  WINDOW_SCAN,
  WindowFiller,
  isAnswered,
  readWhole,
  readWindow,
  viewWindow,
} from "../../../src/account/conversation/window.ts";
import { estimateTokens } from "../../../src/account/conversation/message-tokens.ts";
import { systemMessage } from "../../../src/account/conversation/system-message.ts";
import type { WindowFrame } from "../../../src/account/conversation/window.ts";
import { turnOf, withShelf } from "../../support/archive.ts";
import { refusal } from "../../support/desk.ts";
import type { Turn } from "../../../src/shared/turn.ts";

const costOf = (...parts: Part[]): number => {
  const bare: Message = { role: "user", content: "Look" };
  return estimateTokens([{ ...bare, parts }]) - estimateTokens([bare]);
};

it("a picture costs what it is looked at for, however long its data", () => {
  const image_url = `data:image/png;base64,${"A".repeat(100_000)}`;
  expect(costOf({ type: "input_text", text: "Look" })).toBe(0);
  expect(costOf({ type: "input_image", image_url, detail: "low" })).toBe(85);
  expect(costOf({ type: "input_image", image_url })).toBe(765);
  expect(
    costOf(
      { type: "input_image", image_url, detail: "high" },
      { type: "input_image", image_url, detail: "low" },
    ),
  ).toBe(850);
});

const frameOf = (
  messages: number,
  more: Partial<WindowFrame> = {},
  tokens: number | null = null,
) => ({
  assistant: { instructions: null, window: { messages, tokens } },
  facts: [],
  summary: null,
  input: "",
  ...more,
});
const contents = (messages: readonly Message[]) => messages.map(({ content }) => content);
it("costs what is said, what tools are called with, and a little for each message", () => {
  const none = estimateTokens([{ role: "user", content: "" }]);
  expect(none).toBeGreaterThan(0);
  expect(estimateTokens([])).toBe(0);
  const words = "the quick brown fox jumps over the lazy dog";
  const said = estimateTokens([{ role: "user", content: words }]);
  expect(said).toBeGreaterThan(none + 5);
  const call = { id: "c", type: "function", function: { name: "f", arguments: words } } as const;
  expect(estimateTokens([{ role: "assistant", content: "", tool_calls: [call] }])).toBe(said);
  expect(
    estimateTokens([
      { role: "user", content: words },
      { role: "user", content: "" },
    ]),
  ).toBe(said + none);
  const file: Part = { type: "input_file", file_data: "A".repeat(1_000) };
  expect(costOf(file)).toBe(0);
});

describe("the system message", () => {
  const assistant = { ...PLAIN, instructions: "Be kind." };

  it("has instructions, facts and summary, as far as there are any", () => {
    const bare = { assistant: PLAIN, facts: [], summary: null };
    expect(systemMessage(bare)).toBeNull();
    expect(systemMessage({ ...bare, assistant })).toEqual({ role: "system", content: "Be kind." });
    expect(systemMessage({ ...bare, instructions: "For now." })?.content).toBe("For now.");
    const all = { assistant, facts: ["One", "Two"], summary: "Hello", instructions: "For now." };
    expect(systemMessage(all)?.content).toBe(
      "Be kind.\n\nFor now.\n\nFacts:\n- One\n- Two\n\nWhat was said before, summed up:\nHello",
    );
  });
});

const policed = (outcome: "allowed" | "blocked") => ({ policy: { outcome, events: [] } });

describe("a turn", () => {
  it("is shown where it was answered, by a model", () => {
    const turn = turnOf(1, "Hi");
    expect(isAnswered(turn)).toBe(true);
    expect(isAnswered({ ...turn, status: "interrupted" })).toBe(true);
    expect(isAnswered({ ...turn, status: "failed" })).toBe(false);
    expect(isAnswered({ ...turn, output: null })).toBe(false);
    expect(isAnswered({ ...turn, extra: policed("allowed") })).toBe(true);
    expect(isAnswered({ ...turn, extra: policed("blocked") })).toBe(false);
  });
});

describe("a window", () => {
  const five = Array.from({ length: 5 }, (_, index) => `q${index + 1}`);
  const read = async (messages: number, retried: number | null = null, from?: number) => {
    let told: object = {};
    await withShelf(async ({ add, turns }) => {
      add("s", five);
      add("t", ["other"]);
      const {
        last,
        messages: said,
        ...found
      } = readWindow(turns, 1, frameOf(messages), retried, from);
      told = { ...found, said: contents(said), last: last?.input };
    });
    return told;
  };

  it("has the session's last messages, oldest first, whole turns or not", async () => {
    expect(await read(4)).toEqual({
      said: ["q4", "q4!", "q5", "q5!"],
      last: "q5",
      shown: 4,
      oldest: turnId(1, 4),
    });
    expect(await read(3)).toMatchObject({ said: ["q4!", "q5", "q5!"], oldest: turnId(1, 4) });
    expect(await read(1)).toMatchObject({ said: ["q5!"], oldest: turnId(1, 5) });
    expect(await read(100)).toMatchObject({ shown: 10, oldest: turnId(1, 1) });
  });

  it("leaves out the turn that is answered again, and what came after the last that is looked at", async () => {
    expect(await read(4, turnId(1, 5))).toMatchObject({
      said: ["q3", "q3!", "q4", "q4!"],
      last: "q5",
      oldest: turnId(1, 3),
    });
    expect(await read(2, null, turnId(1, 3))).toMatchObject({ said: ["q3", "q3!"], last: "q3" });
  });

  it("is empty in a session without turns", () =>
    withShelf(async ({ add, turns }) => {
      add("s", []);
      const nothing = { last: null, messages: [], shown: 0, oldest: null };
      expect(readWindow(turns, 1, frameOf(4), null)).toEqual(nothing);
      expect(readWhole(turns, 1, null, null)).toEqual(nothing);
    }));

  it("asks a short session for nothing before its first turn", () =>
    withShelf(async ({ add, turns }) => {
      add("s", ["q1", "q2"]);
      const newest = vi.spyOn(turns, "newest");
      expect(readWindow(turns, 1, frameOf(20), null).shown).toBe(4);
      expect(newest).toHaveBeenCalledTimes(1);
    }));

  it("looks past a bounded number of turns without an answer", () =>
    withShelf(async ({ add, turns }) => {
      add("s", ["q1"]);
      const failed = (seq: number) =>
        turns.insert(turnOf(turnId(1, seq), "in vain", { status: "failed", output: null }));
      for (let seq = 2; seq <= WINDOW_SCAN - 10; seq += 1) failed(seq);
      expect(contents(readWindow(turns, 1, frameOf(20), null).messages)).toEqual(["q1", "q1!"]);
      for (let seq = WINDOW_SCAN - 9; seq <= WINDOW_SCAN + 20; seq += 1) failed(seq);
      expect(readWindow(turns, 1, frameOf(20), null).messages).toEqual([]);
    }));

  it("says of each message why it is shown, or not", () => {
    const filler = new WindowFiller(frameOf(3));
    const weigh = (seq: number, more: Partial<Turn> = {}) =>
      filler
        .add(turnOf(turnId(1, seq), `q${seq}`, more))
        .map((each) => [each.message.content, each.index, each.reason]);
    expect(filler.isFull).toBe(false);
    expect(weigh(5)).toEqual([
      ["q5!", 1, "in_window"],
      ["q5", 0, "in_window"],
    ]);
    expect(weigh(4, { status: "failed", output: null })).toEqual([["q4", 0, "unanswered"]]);
    expect([filler.isFull, filler.oldest]).toEqual([false, turnId(1, 5)]);
    expect(weigh(3)).toEqual([
      ["q3!", 1, "in_window"],
      ["q3", 0, "beyond_messages"],
    ]);
    expect(filler.isFull).toBe(true);
    expect(weigh(2)).toEqual([
      ["q2!", 1, "beyond_messages"],
      ["q2", 0, "beyond_messages"],
    ]);
    expect(contents(filler.messages)).toEqual(["q3!", "q5", "q5!"]);
  });

  it("has room for so many tokens, of which instructions and the new message take theirs", () => {
    const cost = estimateTokens([{ role: "user", content: "q1" }]);
    const shown = (tokens: number, more: Partial<WindowFrame> = {}) => {
      const filler = new WindowFiller(frameOf(10, more, tokens));
      filler.add({ ...turnOf(turnId(1, 2), "q1"), output: "q1" });
      filler.add({ ...turnOf(turnId(1, 1), "q1"), output: "q1" });
      return filler.messages.length;
    };
    expect([shown(2 * cost), shown(3 * cost), shown(3 * cost - 1), shown(0)]).toEqual([2, 3, 2, 0]);
    expect(shown(3 * cost, { input: "q1" })).toBe(2);
    const summary = { summary: "Hello" };
    const fixed = estimateTokens([systemMessage(frameOf(1, summary))!]);
    expect(shown(3 * cost + fixed, summary)).toBe(3);
    expect(shown(3 * cost + fixed - 1, summary)).toBe(2);
  });

  it("shows nothing older than what has no room, even where that would fit", () => {
    const filler = new WindowFiller(frameOf(10, {}, 20));
    const reasons = [turnOf(2, "x ".repeat(500), { output: "short" }), turnOf(1, "a")].flatMap(
      (turn) => filler.add(turn).map(({ reason }) => reason),
    );
    expect(reasons).toEqual(["in_window", "beyond_tokens", "beyond_tokens", "beyond_tokens"]);
    expect(filler.isFull).toBe(true);
  });
});

describe("the whole of a session", () => {
  it("has every answered message, up to a turn", () =>
    withShelf(async ({ add, turns }) => {
      add(
        "s",
        Array.from({ length: 45 }, (_, index) => `q${index + 1}`),
      );
      turns.update(turnOf(turnId(1, 1), "q1", { status: "failed", output: null }));
      const all = readWhole(turns, 1, null, null);
      expect(contents(all.messages).slice(0, 3)).toEqual(["q2", "q2!", "q3"]);
      expect(all).toMatchObject({ last: { input: "q45" }, shown: 88, oldest: turnId(1, 2) });
      expect(contents(all.messages).at(-1)).toBe("q45!");
      expect(readWhole(turns, 1, turnId(1, 45), null)).toMatchObject({
        last: { input: "q45" },
        shown: 86,
      });
      expect(readWhole(turns, 1, null, turnId(1, 20))).toMatchObject({
        last: { input: "q20" },
        shown: 38,
      });
    }));

  it("is refused where it is too long for any model", () =>
    withShelf(async ({ add, turns }) => {
      add("s", []);
      const quarter = "x".repeat(WHOLE_LENGTH / 4);
      for (let seq = 1; seq <= 4; seq += 1)
        turns.insert(turnOf(turnId(1, seq), quarter, { output: "" }));
      expect(readWhole(turns, 1, null, null).shown).toBe(8);
      turns.insert(turnOf(turnId(1, 5), "x", { output: "" }));
      expect(() => readWhole(turns, 1, null, null)).toThrow(
        refusal("context_too_large", { param: "truncation" }),
      );
    }));
});

const call = (call_id: string): Item => ({
  type: "function_call",
  call_id,
  name: "f",
  arguments: "{}",
});
const result = (call_id: string): Item => ({
  type: "function_call_output",
  call_id,
  output: `of ${call_id}`,
});

describe("the view of a window", () => {
  const support = {
    ...PLAIN,
    name: "support",
    instructions: "Be kind.",
    window: { messages: 4, tokens: null },
  };
  const assistants = [{ ...PLAIN, name: "default" }, support];

  it("has what the model would be shown, and why not the rest", () =>
    withShelf(async ({ db, add, turns }) => {
      add("s", ["q1", "q2", "q3"]);
      putDetails(db, 1, {
        assistant: "support",
        facts: '["One"]',
        summary: "Hello",
        summary_turn: turnId(1, 1),
      });
      const newest = turns.list(1, { order: "desc", limit: 10 });
      const view = viewWindow(newest, findDetails(db, 1), assistants, null, "And now?");
      const system = "Be kind.\n\nFacts:\n- One\n\nWhat was said before, summed up:\nHello";
      expect(view).toMatchObject({
        assistant: "support",
        limits: support.window,
        summary: { text: "Hello", through: callId(turnId(1, 1)) },
        tokens: estimateTokens(view.messages),
      });
      expect(view.messages[0]).toEqual({ role: "system", content: system });
      expect(contents(view.messages).slice(1)).toEqual(["q2", "q2!", "q3", "q3!", "And now?"]);
      expect(view.considered.map(({ reason }) => reason)).toEqual([
        ...Array<string>(4).fill("in_window"),
        ...Array<string>(2).fill("beyond_messages"),
      ]);
    }));

  it("is of the default assistant, with nothing beside the messages, unless there is more", () => {
    const view = viewWindow([turnOf(turnId(1, 1), "q1")], null, assistants, null, "");
    expect(view).toMatchObject({ assistant: "default", summary: null });
    expect(contents(view.messages)).toEqual(["q1", "q1!"]);
  });

  it("leaves out calls without results, and results without calls", () => {
    const turn = turnOf(turnId(1, 1), "q1", {
      input: [result("lost")],
      output: [call("made"), call("vain"), result("made")],
    });
    const { considered, messages } = viewWindow([turn], null, assistants, null, "");
    expect(considered.map(({ message, reason }) => [message.role, reason])).toEqual([
      ["tool", "in_window"],
      ["assistant", "unpaired"],
      ["assistant", "in_window"],
      ["tool", "unpaired"],
    ]);
    expect(contents(messages)).toEqual(["", "of made"]);
  });
});

import { describe, expect, it } from "vitest";

import { answerAtOnce, isAtOnce } from "../../src/turn/at-once.ts";
import { BEGUN, OPEN, pretend } from "./pretend.ts";

const LOCAL = { ...BEGUN, models: ["local", "openai/echo"] };

describe("a turn is answered at once", () => {
  it("where the first of its models is of this process, and nothing else has a say", () => {
    expect(isAtOnce(LOCAL)).toBe(true);
    const policed = { policies: [], text: "Hi", refusal: null, events: [] };
    const others = [
      { models: ["openai/echo", "local"] },
      { models: [] },
      { responder: { name: "travel", state: "{}" } as const },
      { policed },
      { cache: { key: "query:1", seconds: 60 } },
    ];
    for (const more of others) expect(isAtOnce({ ...LOCAL, ...more })).toBe(false);
  });

  it("from its window and its input", async () => {
    const { own } = pretend({});
    const said = async (input: typeof OPEN.input, window = BEGUN.window) =>
      answerAtOnce(own, "acme", { ...LOCAL, window, turn: { ...OPEN, input } });
    const window = [{ role: "user", content: "My name is Ann." } as const];
    expect(await said("What is my name?", window)).toMatchObject({
      status: "completed",
      output: expect.stringContaining("Ann"),
      model: "local",
    });
    expect((await said("What is my name?")).output).not.toContain("Ann");
    const items = [{ type: "message", role: "user", content: "2 + 3" } as const];
    expect((await said(items)).output).toBe("2 + 3 = 5");
  });
});

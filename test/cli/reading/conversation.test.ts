import { describe, expect, test } from "vitest";

import { conversationOf } from "../../../src/cli/reading/conversation.ts";
import { Tally } from "../../../src/cli/reading/tally.ts";

const AT = Date.parse("2026-03-01T10:00:00.000Z");
const hello = { role: "user", content: "Hello" } as const;
const draft = (more: Partial<Parameters<typeof conversationOf>[0]> = {}) =>
  conversationOf(
    { id: "s", source: "here", messages: [hello], left: new Tally(), ...more },
    AT + 60_000,
  );

describe("a conversation that was found", () => {
  test("has metadata of what fits, and what does not is counted", () => {
    const metadata = {
      ["n".repeat(65)]: "its name is too long",
      long: `${"x".repeat(511)}\u{1f600} and more`,
      half: `cut \ud83d`,
      nothing: "",
      ...Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`k${n}`, "v"])),
    };
    const { session, left_out } = draft({ id: "s 1", user: "u 1", metadata });
    expect(session.session_id).toMatch(/^s_1\.[0-9a-f]{12}$/);
    expect(session.user_id).toMatch(/^u_1\.[0-9a-f]{12}$/);
    expect(Object.keys(session.metadata ?? {})).toHaveLength(16);
    expect(session.metadata).toMatchObject({
      source: "here",
      source_session_id: "s 1",
      source_user_id: "u 1",
      long: "x".repeat(511),
      half: "cut \ufffd",
      k10: "v",
    });
    expect(left_out).toEqual({ metadata: 10, "metadata.long (its end)": 1 });
  });

  test("is as old as its first message, and was last used with its last", () => {
    const messages = [
      { ...hello, at: AT },
      { role: "assistant" as const, content: "Hi.", at: AT + 1_000 },
    ];
    expect(draft({ created: AT + 500, messages })).toMatchObject({
      session: { created_at: "2026-03-01T10:00:00.000Z", accessed_at: "2026-03-01T10:00:01.000Z" },
      turns: [{ created_at: "2026-03-01T10:00:00.000Z", duration_ms: 1_000 }],
    });
  });

  test("has no times that no one knows", () => {
    const untimed = draft();
    expect(untimed.session).not.toHaveProperty("created_at");
    expect(untimed.turns[0]).not.toHaveProperty("created_at");
    const messages = [hello, { role: "assistant" as const, content: "Hi." }];
    const begun = draft({ created: AT, messages });
    expect(begun.turns[0]?.created_at).toBe("2026-03-01T10:00:00.000Z");
    expect(begun.turns[0]).not.toHaveProperty("duration_ms");
    expect(begun.session).not.toHaveProperty("accessed_at");
  });

  test("keeps messages whose ids are too long, without these", () => {
    const { turns, left_out } = draft({ messages: [{ ...hello, id: "i".repeat(257) }] });
    expect(turns[0]?.input).toEqual([{ type: "message", ...hello }]);
    expect(left_out).toEqual({ "message id": 1 });
  });
});

import { describe, expect, it } from "vitest";

import { allOf, fixture } from "./found.ts";
import { spoken } from "../../support/found.ts";

const path = fixture("claude.json");
const conversations = async (branches?: "active" | "all") =>
  (await allOf("claude", path, branches ? { branches } : {})).flatMap((found) =>
    "conversation" in found ? [found.conversation] : [],
  );
const ID = "0b1f7a10-1111-4aaa-8bbb-000000000001";

describe("Claude's export", () => {
  it("tells the branch that was answered last", async () => {
    const [first] = await conversations();
    expect(first?.session).toMatchObject({
      session_id: ID,
      created_at: "2026-04-24T07:27:17.628Z",
      accessed_at: "2026-04-24T07:30:00.947Z",
      metadata: { source: "claude", title: "Rewind", summary: "Whether there is a rewind." },
    });
    expect(first?.left_out).toEqual({ branches: 1 });
    expect(spoken(first?.turns ?? [])).toEqual([
      `> user: ${JSON.stringify([
        { type: "input_text", text: "Is there a rewind?" },
        { type: "input_file", filename: "notes.txt" },
        { type: "input_text", text: "rewind: yes?" },
        { type: "input_file", file_id: "f-1", filename: "screen.png" },
      ])}`,
      "< assistant: Of course.",
    ]);
  });

  it("keeps tools between what was said before and after them, in every branch", async () => {
    const [, branch] = await conversations("all");
    expect(branch?.session).toMatchObject({
      session_id: `${ID}.m2`,
      metadata: { branch_of: ID },
    });
    expect(spoken(branch?.turns ?? []).slice(1)).toEqual([
      "< assistant: Let me look.",
      '< web_search({"query":"rewind"})',
      '< = [{"type":"knowledge","title":"Docs","url":"https://docs.example","text":"…"}]',
      '< repl({"code":"1+1"})',
      "< = 2",
      "< assistant: Yes.",
    ]);
    expect(branch?.left_out).toEqual({
      reasoning: 1,
      error_marks: 1,
      citations: 1,
      token_budget: 1,
    });
    const calls = [branch?.turns[0]?.output ?? []]
      .flat()
      .flatMap((item) => (typeof item === "object" && "call_id" in item ? [item.call_id] : []));
    expect(calls).toEqual(["toolu_01", "toolu_01", "m2.4", "m2.4"]);
  });

  it("reads older exports, where a message is one text and follows the one before", async () => {
    const [, second] = await conversations();
    expect(spoken(second?.turns ?? [])).toEqual(["> user: Hello", "< assistant: Hi."]);
    expect(second?.session.metadata).toEqual({ source: "claude" });
    expect(second?.left_out).toBeUndefined();
  });

  it("names a conversation in which nothing was said", async () => {
    expect((await allOf("claude", path)).at(-1)).toMatchObject({ problem: "has no messages" });
  });

  it("says the same when it is read again", async () => {
    expect(await allOf("claude", path)).toEqual(await allOf("claude", path));
  });
});

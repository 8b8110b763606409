import { describe, expect, it } from "vitest";

import { FORMAT } from "../../../src/account/archive/format/format.ts";
import { allOf, fixture, saved } from "./found.ts";
import { spoken } from "../../support/found.ts";

const path = fixture("chatgpt.json");
const conversations = async (branches?: "active" | "all") =>
  (await allOf("chatgpt", path, branches ? { branches } : {})).flatMap((found) =>
    "conversation" in found ? [found.conversation] : [],
  );

const said = (id: string, parent: string | null, role: string, text: string) => [
  id,
  {
    parent,
    message: {
      id,
      author: { role, name: role === "tool" ? "file_search" : null },
      content: { content_type: "text", parts: [text] },
    },
  },
];

describe("ChatGPT's export", () => {
  it("becomes a session with its title, its times and its model", async () => {
    const [first] = await conversations();
    expect(first?.session).toEqual({
      type: "session",
      format: FORMAT,
      session_id: "66f0a1b2-0000-8000-9000-000000000001",
      created_at: "2024-09-22T10:13:20.123Z",
      accessed_at: "2024-09-22T10:15:00.500Z",
      metadata: { source: "chatgpt", title: "Trams of Kraków", gizmo_id: "g-abc" },
      turns: 1,
    });
    expect(first?.turns[0]).toMatchObject({
      created_at: "2024-09-22T10:13:30.000Z",
      model: "openai/gpt-4o",
      status: "completed",
      duration_ms: 10_000,
    });
  });

  it("tells the branch that was shown last, and counts the others and what has no place", async () => {
    const [first] = await conversations();
    expect(first?.left_out).toEqual({
      branches: 2,
      custom_instructions: 1,
      reasoning: 1,
      citations: 1,
    });
    expect(spoken(first?.turns ?? [])).toEqual([
      `> user: ${JSON.stringify([
        { type: "input_image", file_id: "file-Ab12" },
        { type: "input_text", text: "When does this tram go?" },
        { type: "input_file", file_id: "file-Cd34", filename: "timetable.pdf" },
      ])}`,
      '< web.run({"input":"search(\\"tram 8 Kraków\\")"})',
      "< = MPK Kraków: tram 8 every 10 minutes\n\nLine 8 https://mpk.example/8\n\nEvery 10 minutes.",
      "< assistant: Tram 8 goes every 10 minutes. ([mpk.example](https://mpk.example/8))",
    ]);
  });

  it("tells each branch as a session of its own that names the first, when all are asked for", async () => {
    const [first, edited, again, ...rest] = await conversations("all");
    const id = "66f0a1b2-0000-8000-9000-000000000001";
    expect(first?.session.session_id).toBe(id);
    expect(first?.left_out?.branches).toBeUndefined();
    expect(edited?.session).toMatchObject({
      session_id: `${id}.a1`,
      metadata: { source: "chatgpt", title: "Trams of Kraków", branch_of: id },
    });
    expect(spoken(edited?.turns ?? [])).toEqual([
      "> user: When does tram 8 go?",
      "< assistant: I do not know.",
    ]);
    expect(again?.session.session_id).toBe(`${id}.a2`);
    expect(spoken(again?.turns ?? []).at(-1)).toBe("< assistant: Often.");
    expect(spoken(again?.turns ?? []).slice(0, 3)).toEqual(spoken(first?.turns ?? []).slice(0, 3));
    expect(rest).toHaveLength(1);
  });

  it("keeps what was spoken as its transcript, what a tool drew, and links what was cited", async () => {
    const [, second] = await conversations();
    expect(second?.session.metadata).toEqual({ source: "chatgpt" });
    expect(second?.left_out).toEqual({ audio: 1 });
    expect(spoken(second?.turns ?? [])).toEqual([
      "> user: Plot y = x.",
      '< python({"input":"plot(x, x)"})',
      `< = ${JSON.stringify([
        { type: "input_text", text: "<Figure>" },
        { type: "input_image", file_id: "file-Plot" },
      ])}`,
      "< assistant: As you see ([Plots](https://plots.example)).",
    ]);
  });

  it("names a conversation that it cannot read, and one that is empty, and goes on", async () => {
    const all = await allOf("chatgpt", path);
    expect(all.map(({ from, position }) => [from, position])).toEqual([
      ["chatgpt.json[0]", "0/0/0"],
      ["chatgpt.json[1]", "0/1/0"],
      ["chatgpt.json[2]", "0/2/0"],
      ["chatgpt.json[3]", "0/3/0"],
    ]);
    expect(all[1]).toMatchObject({
      problem: "mapping: is no object with messages",
    });
    expect(all[3]).toMatchObject({ problem: "has no messages" });
  });

  it("reads the same twice and resumes exactly after any place", async () => {
    const all = await allOf("chatgpt", path, { branches: "all" });
    expect(all).toHaveLength(6);
    expect(await allOf("chatgpt", path, { branches: "all" })).toEqual(all);
    for (const [index, { position }] of all.entries())
      expect(await allOf("chatgpt", path, { branches: "all" }, position)).toEqual(
        all.slice(index + 1),
      );
  });

  it("makes up a call for a tool that answered unasked, and counts whom it does not know", async () => {
    const mapping = Object.fromEntries([
      said("u", null, "user", "Look."),
      said("t", "u", "tool", "found"),
      said("c", "t", "critic", "Hm."),
      said("a", "c", "assistant", "There. \ud83d"),
    ]) as unknown;
    const file = await saved("c.json", JSON.stringify({ conversations: [{ id: "x", mapping }] }));
    const [found] = await allOf("chatgpt", file);
    expect(found).toMatchObject({ conversation: { left_out: { critic: 1 } } });
    expect(found && "conversation" in found ? spoken(found.conversation.turns) : []).toEqual([
      "> user: Look.",
      "< file_search({})",
      "< = found",
      "< assistant: There. \ufffd",
    ]);
  });

  it("is given to a user when one is named", async () => {
    const [first] = await allOf("chatgpt", path, { user: "ada" });
    expect(first).toMatchObject({ conversation: { session: { user_id: "ada" } } });
  });
});

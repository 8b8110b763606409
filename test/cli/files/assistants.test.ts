import { describe, expect, it } from "vitest";

import { FORMAT } from "../../../src/account/archive/format/format.ts";
import { allOf, conversationsOf, saved } from "./found.ts";
import { spoken } from "../../support/found.ts";

const message = (
  id: string,
  role: string,
  text: string,
  created_at: number,
  more: object = {},
) => ({
  id,
  object: "thread.message",
  created_at,
  thread_id: "thread_1",
  role,
  content: [{ type: "text", text: { value: text, annotations: [] } }],
  assistant_id: role === "assistant" ? "asst_1" : null,
  run_id: role === "assistant" ? "run_1" : null,
  attachments: [],
  metadata: {},
  ...more,
});
const [asked, answered, thanked] = [
  message("msg_1", "user", "What is 2+2?", 1_717_000_001),
  message("msg_2", "assistant", "4", 1_717_000_001),
  message("msg_3", "user", "Thanks", 1_717_000_009),
];
const thread = {
  id: "thread_1",
  object: "thread",
  created_at: 1_717_000_000,
  metadata: { customer: "c7", tags: ["a"] },
  tool_resources: {},
};
const spokenIn = async (value: unknown, name = "threads.json") => {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const all = await conversationsOf("assistants", await saved(name, text));
  return all.map(({ session, turns }) => [session.session_id, ...spoken(turns)]);
};
const SAID = ["thread_1", "> user: What is 2+2?", "< assistant: 4", "> user: Thanks"];

describe("threads of Assistants", () => {
  it("become sessions with their times and metadata", async () => {
    const path = await saved("t.json", JSON.stringify({ ...thread, messages: [asked, answered] }));
    const [first] = await conversationsOf("assistants", path);
    expect(first?.session).toEqual({
      type: "session",
      format: FORMAT,
      session_id: "thread_1",
      created_at: "2024-05-29T16:26:40.000Z",
      accessed_at: "2024-05-29T16:26:41.000Z",
      metadata: {
        source: "openai-assistants",
        assistant_id: "asst_1",
        customer: "c7",
        tags: '["a"]',
      },
      turns: 1,
    });
  });

  it("are read in each shape in which they were saved", async () => {
    const newestFirst = { object: "list", data: [thanked, answered, asked], has_more: false };
    expect(await spokenIn([{ ...thread, messages: newestFirst }])).toEqual([SAID]);
    const within = { object: "list", data: [answered, asked] };
    expect(await spokenIn([{ ...thread, messages: within }])).toEqual([SAID.slice(0, 3)]);
    expect(await spokenIn({ ...thread, messages: [asked, answered, thanked] })).toEqual([SAID]);
    expect(await spokenIn({ thread, messages: newestFirst })).toEqual([SAID]);
    expect(await spokenIn({ object: "list", data: [{ ...thread, messages: [asked] }] })).toEqual([
      SAID.slice(0, 2),
    ]);
    const other = { ...thread, id: "thread_2", messages: [asked] };
    const lines = `${JSON.stringify({ ...thread, messages: newestFirst })}\n${JSON.stringify(other)}\n`;
    expect(await spokenIn(lines, "threads.jsonl")).toEqual([SAID, ["thread_2", SAID[1]]]);
  });

  it("are put together where only their messages were saved", async () => {
    const strange = message("msg_9", "user", "Elsewhere", 1_717_000_005, { thread_id: "thread_2" });
    const loose = [thanked, strange, answered, asked];
    const both = [SAID, ["thread_2", "> user: Elsewhere"]];
    expect(await spokenIn(loose)).toEqual(both);
    expect(await spokenIn({ object: "list", data: loose })).toEqual(both);
  });

  it("keep the tools of their runs where those happened, and the runs' models", async () => {
    const steps = {
      object: "list",
      data: [
        {
          object: "thread.run.step",
          run_id: "run_1",
          created_at: 1_717_000_001,
          step_details: { type: "message_creation", message_creation: { message_id: "msg_2" } },
        },
        {
          object: "thread.run.step",
          run_id: "run_1",
          created_at: 1_717_000_001,
          completed_at: 1_717_000_001,
          step_details: {
            type: "tool_calls",
            tool_calls: [
              {
                id: "call_1",
                type: "code_interpreter",
                code_interpreter: { input: "2+2", outputs: [{ type: "logs", logs: "4" }] },
              },
              {
                id: "call_2",
                type: "function",
                function: { name: "save", arguments: '{"n":4}', output: "ok" },
              },
              { id: "call_3", type: "file_search", file_search: {} },
            ],
          },
        },
      ],
    };
    const runs = [{ id: "run_1", object: "thread.run", model: "gpt-4o", steps }];
    const path = await saved(
      "t.json",
      JSON.stringify({ ...thread, messages: [asked, answered], runs }),
    );
    const [first] = await conversationsOf("assistants", path);
    expect(spoken(first?.turns ?? [])).toEqual([
      "> user: What is 2+2?",
      '< code_interpreter({"input":"2+2"})',
      "< = 4",
      '< save({"n":4})',
      "< = ok",
      "< file_search({})",
      "< assistant: 4",
    ]);
    expect(first?.turns[0]?.model).toBe("openai/gpt-4o");
  });

  it("keep files and images by their ids, and count citations", async () => {
    const annotations = [
      { type: "file_citation", text: "【4:0†a.pdf】", file_citation: { file_id: "file-a" } },
      { type: "file_path", text: "sandbox:/plot.png", file_path: { file_id: "file-p" } },
    ];
    const rich = message("msg_2", "assistant", "", 1_717_000_002, {
      content: [
        { type: "image_file", image_file: { file_id: "file-i", detail: "auto" } },
        { type: "text", text: { value: "See【4:0†a.pdf】", annotations } },
      ],
      attachments: [{ file_id: "file-x", tools: [] }],
      metadata: { seen: "yes" },
    });
    const path = await saved("t.json", JSON.stringify([{ ...thread, messages: [rich] }]));
    const [first] = await conversationsOf("assistants", path);
    expect(first?.left_out).toEqual({ citations: 1, metadata: 1 });
    expect(spoken(first?.turns ?? [])).toEqual([
      `< assistant: ${JSON.stringify([
        { type: "input_image", file_id: "file-i", detail: "auto" },
        { type: "output_text", text: "See【4:0†a.pdf】" },
        { type: "input_file", file_id: "file-p" },
        { type: "input_file", file_id: "file-x" },
      ])}`,
    ]);
  });

  it("that cannot be read are named, and the others are read", async () => {
    const bad = { ...thread, messages: [{ ...asked, role: "nobody" }] };
    const path = await saved(
      "t.json",
      JSON.stringify([bad, thread, { ...thread, messages: [asked] }]),
    );
    const all = await allOf("assistants", path);
    expect(all[0]).toMatchObject({
      problem: 'has no message that can be read: its role "nobody" is not known',
    });
    expect(all[1]).toMatchObject({ problem: "has no messages" });
    expect(all[2]).toHaveProperty("conversation");
    expect(await allOf("assistants", path, {}, all[1]?.position)).toEqual(all.slice(2));
  });
});

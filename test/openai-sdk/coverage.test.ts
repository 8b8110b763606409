import { readFileSync } from "node:fs";

import type OpenAI from "openai";
import { describe, expect, inject, it } from "vitest";

import { CALLS, HISTORY } from "../openai/responses/example-items.ts";
import {
  INPUT_ITEMS,
  REQUEST_FIELDS,
  SENT_EVENTS,
  TOOLS,
  UNSENT_EVENTS,
  namesIn,
} from "./coverage.ts";
import { fieldsOf, typesIn, typesOfUnion } from "./types.ts";

const RESPONSES = typesIn("responses/responses.d.ts");
const FILES: Record<string, string> = {
  InputTokenCountParams: "responses/input-tokens.d.ts",
  ChatCompletionCreateParamsBase: "chat/completions/completions.d.ts",
  EmbeddingCreateParams: "embeddings.d.ts",
};
const sorted = (names: Iterable<string>) => [...new Set(names)].toSorted();
const allIn = (table: Record<string, string>) => sorted(Object.values(table).flatMap(namesIn));

const code = (names: string) =>
  namesIn(names)
    .map((name) => `\`${name}\``)
    .join(", ");

const rows = (what: string, table: Record<string, string>) =>
  Object.entries(table).flatMap(([treatment, names]) =>
    names === "" ? [] : [`| ${what} | ${treatment} | ${code(names)} |`],
  );

/** Items that other tests send. */
const PLAIN_ITEMS = [
  "message",
  "function_call",
  "function_call_output",
  "reasoning",
  "compaction",
  "item_reference",
];
const TOOL_EXAMPLES: OpenAI.Responses.Tool[] = [
  { type: "function", name: "f", parameters: null, strict: null },
  { type: "custom", name: "c", format: { type: "grammar", syntax: "lark", definition: "x" } },
  {
    type: "namespace",
    name: "n",
    description: "Both.",
    tools: [
      { type: "function", name: "f", parameters: null },
      { type: "custom", name: "c" },
    ],
  },
  { type: "tool_search", execution: "client", description: "Finds.", parameters: {} },
  { type: "shell", environment: { type: "local", skills: [] } },
  { type: "local_shell" },
  { type: "apply_patch" },
  { type: "computer" },
  { type: "computer_use_preview", display_height: 1, display_width: 2, environment: "linux" },
];

/** What `/v1/responses` says of a request. */
async function refusalOf(more: object): Promise<{ param: string | null } | null> {
  const url = new URL("/v1/responses", inject("server"));
  const body = JSON.stringify({ model: "local", input: "Hi", store: false, ...more });
  const answer = await (
    await fetch(url, { method: "POST", body })
  ).json<{
    error: { param: string | null } | null;
  }>();
  return answer.error;
}

// A new version of the package with an unknown name fails here: say in coverage.ts what happens to it.
describe("the newest types of the package openai", () => {
  it.each(Object.entries(REQUEST_FIELDS))("are classified: the fields of %s", (name, table) => {
    const source = name in FILES ? typesIn(FILES[name] ?? "") : RESPONSES;
    expect(allIn(table)).toEqual(sorted(fieldsOf(source, name).keys()));
  });

  it("are classified: items, tools and events", () => {
    expect(allIn(INPUT_ITEMS)).toEqual(sorted(typesOfUnion(RESPONSES, "ResponseInputItem")));
    expect(allIn(TOOLS)).toEqual(sorted(typesOfUnion(RESPONSES, "Tool")));
    const events = typesOfUnion(RESPONSES, "ResponseStreamEvent");
    expect(
      events.filter((each) => SENT_EVENTS.includes(each) === UNSENT_EVENTS.test(each)),
    ).toEqual([]);
    expect(SENT_EVENTS.filter((each) => !events.includes(each))).toEqual([]);
  });

  it("are refused where the table says so, by their place", async () => {
    for (const type of namesIn(TOOLS.refused))
      expect({ ...(await refusalOf({ tools: [{ type }] })), type }).toMatchObject({
        type,
        param: "tools[0].type",
      });
    for (const type of namesIn(INPUT_ITEMS.refused))
      expect({ ...(await refusalOf({ input: [{ type }] })), type }).toMatchObject({
        type,
        param: "input[0].type",
      });
    expect(await refusalOf({ prompt: { id: "p" } })).toMatchObject({ param: "prompt" });
  });

  it("are taken where the table says so", async () => {
    const ignored = [{ type: "compaction_trigger" }, { role: "user", content: "Hi" }];
    expect(await refusalOf({ input: ignored })).toBeNull();
    const items = [...CALLS.flat(), ...HISTORY, { role: "user" as const, content: "Hi" }];
    expect(await refusalOf({ input: items })).toBeNull();
    const known = [...namesIn(INPUT_ITEMS.works), ...namesIn(INPUT_ITEMS.kept)];
    expect(sorted([...PLAIN_ITEMS, ...items.flatMap(({ type }) => type ?? [])])).toEqual(
      sorted(known),
    );
    expect(TOOL_EXAMPLES.map(({ type }) => type)).toEqual(namesIn(TOOLS.works));
    for (const tool of TOOL_EXAMPLES)
      expect({ tool, refusal: await refusalOf({ tools: [tool] }) }).toEqual({
        tool,
        refusal: null,
      });
    const { ignored: untold, kept } = REQUEST_FIELDS["ResponseCreateParamsBase"] ?? {};
    const values = new Map<string, unknown>([
      ["include", []],
      ["max_tool_calls", 3],
      ["top_logprobs", 0],
      ["service_tier", "flex"],
    ]);
    for (const name of [...namesIn(untold ?? ""), ...namesIn(kept ?? "")]) {
      const value = values.get(name) ?? (/^(safety|user|prompt_cache_key)/.test(name) ? "x" : {});
      expect({ name, refusal: await refusalOf({ [name]: value }) }).toEqual({
        name,
        refusal: null,
      });
    }
  });

  it("are in the guide, as the table has them", () => {
    const guide = readFileSync("docs/openai.md", "utf8").replaceAll(/\s+/g, " ");
    const all = [
      ...rows("fields of a response", REQUEST_FIELDS["ResponseCreateParamsBase"] ?? {}),
      ...rows(
        "fields of a chat completion",
        REQUEST_FIELDS["ChatCompletionCreateParamsBase"] ?? {},
      ),
      ...rows("input items", INPUT_ITEMS),
      ...rows("tools", TOOLS),
    ];
    expect(all.filter((row) => !guide.includes(row))).toEqual([]);
  });
});

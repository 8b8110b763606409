import { z } from "zod";

import type { ToolCall } from "../../openai/chat-format.ts";

/** A chunk of a streamed chat completion, as far as it is put together. Source: the OpenAI API, `chat.completion.chunk`. */
const chunkSchema = z.lazy(() =>
  z.looseObject({
    id: z.string().optional(),
    created: z.number().optional(),
    model: z.string().optional(),
    choices: z
      .array(
        z.looseObject({
          index: z.int().min(0).default(0),
          delta: z
            .looseObject({
              role: z.string().nullish(),
              content: z.string().nullish(),
              refusal: z.string().nullish(),
              tool_calls: z
                .array(
                  z.looseObject({
                    index: z.int().min(0).optional(),
                    id: z.string().nullish(),
                    type: z.string().nullish(),
                    function: z
                      .looseObject({
                        name: z.string().nullish(),
                        arguments: z.string().nullish(),
                      })
                      .nullish(),
                  }),
                )
                .nullish(),
            })
            .nullish(),
          finish_reason: z.string().nullish(),
        }),
      )
      .default([]),
    usage: z.looseObject({}).nullish(),
  }),
);

export type Chunk = z.infer<typeof chunkSchema>;

/** Null when it is no chunk of a chat completion. */
export function parseChunk(value: unknown): Chunk | null {
  const parsed = chunkSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

export interface Assembled {
  id: string;
  object: "chat.completion";
  created: number;
  model: string;
  choices: {
    index: number;
    message: {
      role: "assistant";
      content: string | null;
      refusal: string | null;
      tool_calls?: ToolCall[];
    };
    finish_reason: string | null;
    logprobs: null;
  }[];
  usage?: object;
}

/** The response that these chunks are a stream of, in their order. */
export function assemble(chunks: readonly Chunk[]): Assembled {
  const first = chunks.find(({ id }) => id !== undefined) ?? chunks[0];
  const choices = new Map<number, Choice>();
  let usage: object | undefined;
  for (const chunk of chunks) {
    usage = chunk.usage ?? usage;
    for (const { index, delta, finish_reason } of chunk.choices) {
      const choice = choices.get(index) ?? new Choice();
      choices.set(index, choice);
      if (delta) choice.add(delta);
      choice.finishReason = finish_reason ?? choice.finishReason;
    }
  }
  return {
    id: first?.id ?? "",
    object: "chat.completion",
    created: first?.created ?? 0,
    model: first?.model ?? "",
    choices: [...choices]
      .toSorted(([a], [b]) => a - b)
      .map(([index, choice]) => ({ index, ...choice.done() })),
    ...(usage && { usage }),
  };
}

type Delta = NonNullable<Chunk["choices"][number]["delta"]>;

class Choice {
  finishReason: string | null = null;
  #content: string | null = null;
  #refusal: string | null = null;
  readonly #tools = new Map<number, ToolCall>();

  add({ content, refusal, tool_calls }: Delta): void {
    if (typeof content === "string") this.#content = (this.#content ?? "") + content;
    if (typeof refusal === "string") this.#refusal = (this.#refusal ?? "") + refusal;
    for (const { index, id, function: called } of tool_calls ?? []) {
      const place = index ?? this.#tools.size;
      const tool = this.#tools.get(place) ?? {
        id: "",
        type: "function" as const,
        function: { name: "", arguments: "" },
      };
      this.#tools.set(place, tool);
      tool.id ||= id ?? "";
      tool.function.name += called?.name ?? "";
      tool.function.arguments += called?.arguments ?? "";
    }
  }

  done() {
    const tools = [...this.#tools].toSorted(([a], [b]) => a - b).map(([, tool]) => tool);
    return {
      message: {
        role: "assistant" as const,
        content: this.#content,
        refusal: this.#refusal,
        ...(tools.length > 0 && { tool_calls: tools }),
      },
      finish_reason: this.finishReason,
      logprobs: null,
    };
  }
}

import type { DiscrepancyKind } from "../../src/account/calls/rebuild.ts";

export type Row = Record<string, unknown> & { table: string; call_id: string };

/** A call as it was, the old rows that tell of it, and what was done to these. */
export interface OldCallCase {
  call_id: string;
  request: object;
  response: object;
  rows: Row[];
  /** What a rebuild has to say. */
  faults: { kind: DiscrepancyKind; detail: string }[];
}

/** A small generator of numbers in [0, 1): the same seed gives the same calls. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const WORDS = ["tea", "mañana", "日本", "\n", '"quoted"', "🙂", "of", "the", "\\"];

/** Calls of several choices and tool calls, their chunks cut at random and interleaved; every third has a fault. */
export function oldCalls(count: number, seed: number): OldCallCase[] {
  const random = seeded(seed);
  const below = (bound: number) => Math.floor(random() * bound);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const text = (length: number) => Array.from({ length }, () => pick(WORDS)).join(" ");
  /** Cut between characters, as no provider cuts within one. */
  const cut = (whole: string): string[] => {
    const characters = Array.from(whole);
    const pieces: string[] = [];
    while (characters.length > 0) pieces.push(characters.splice(0, 1 + below(9)).join(""));
    return pieces;
  };

  const make = (n: number): OldCallCase => {
    const call_id = `old-${seed}-${n}`;
    const created_at = new Date(1_700_000_000_000 + n * 60_000).toISOString();
    const head = { id: `chatcmpl-${n}`, created: 1_700_000_000 + n, model: "gpt-4o" };
    const usage = { prompt_tokens: 5, completion_tokens: below(90), total_tokens: 95 };
    const choices = Array.from({ length: 1 + below(3) }, (_, index) => {
      const tools = Array.from({ length: below(3) }, (_none, tool) => ({
        id: `tool-${n}-${index}-${tool}`,
        type: "function",
        function: { name: pick(["search", "buy"]), arguments: JSON.stringify({ q: text(3) }) },
      }));
      return {
        index,
        message: {
          role: "assistant",
          content: text(2 + below(12)),
          refusal: null,
          ...(tools.length > 0 && { tool_calls: tools }),
        },
        finish_reason: tools.length > 0 ? "tool_calls" : "stop",
        logprobs: null,
      };
    });
    const streams = choices.map(({ index, message, finish_reason }) => [
      { index, delta: { role: "assistant" }, finish_reason: null },
      ...cut(message.content).map((content) => ({
        index,
        delta: { content },
        finish_reason: null,
      })),
      ...(message.tool_calls ?? []).flatMap((call, place) => [
        {
          index,
          delta: {
            tool_calls: [
              {
                index: place,
                id: call.id,
                type: "function",
                function: { name: call.function.name, arguments: "" },
              },
            ],
          },
          finish_reason: null,
        },
        ...cut(call.function.arguments).map((part) => ({
          index,
          delta: { tool_calls: [{ index: place, function: { arguments: part } }] },
          finish_reason: null,
        })),
      ]),
      { index, delta: {}, finish_reason },
    ]);
    const chunks: { choices: unknown[]; usage?: object }[] = [];
    while (streams.some((stream) => stream.length > 0)) {
      const next = pick(streams.filter((stream) => stream.length > 0)).shift();
      chunks.push({ choices: [next] });
    }
    chunks.push({ choices: [], usage });
    const events = chunks.map((chunk, chunk_index): Row => {
      const [choice] = chunk.choices as { index: number; delta: { content?: string } }[];
      return {
        table: "conversation_events",
        id: `${call_id}-e${chunk_index}`,
        call_id,
        event_type: "chunk",
        chunk_index,
        ...(choice && { choice_index: choice.index }),
        ...(choice?.delta.content !== undefined && { delta_text: choice.delta.content }),
        raw_chunk: { ...head, object: "chat.completion.chunk", ...chunk },
        created_at,
      };
    });
    const request = {
      model: "gpt-4o",
      stream: true,
      messages: [{ role: "user", content: text(4) }],
    };
    const call: Row = {
      table: "conversation_calls",
      call_id,
      trace_id: `trace-${n}`,
      provider: "openai",
      model_name: "gpt-4o",
      status: "completed",
      created_at,
      completed_at: new Date(Date.parse(created_at) + 1_500).toISOString(),
    };
    const asked: Row = {
      table: "conversation_events",
      id: `${call_id}-r`,
      call_id,
      event_type: "request",
      payload: n % 2 === 0 ? request : JSON.stringify(request),
      created_at,
    };
    const tools = choices.flatMap(({ message }) =>
      (message.tool_calls ?? []).map((tool): Row => ({
        table: "conversation_tool_calls",
        id: `${call_id}-${tool.id}`,
        call_id,
        tool_call_id: tool.id,
        name: tool.function.name,
        arguments: tool.function.arguments,
        created_at,
      })),
    );
    const response = { ...head, object: "chat.completion", choices, usage };
    const rows = [call, asked, ...events, ...tools];
    const faults = n % 3 === 0 ? plant(n / 3, rows, events, tools) : [];
    return { call_id, request, response, rows, faults };
  };

  /** One fault of a kind after the other. */
  const plant = (n: number, rows: Row[], events: Row[], tools: Row[]): OldCallCase["faults"] => {
    const without = (row: Row | undefined) => {
      if (row) rows.splice(rows.indexOf(row), 1);
    };
    // A chunk of text: those that end a choice or open a tool call would be told by more than one fault.
    const texts = events.filter(({ delta_text }) => delta_text !== undefined);
    const chunk = pick(texts);
    const number = String(chunk["chunk_index"]);
    const kinds: (() => OldCallCase["faults"])[] = [
      () => {
        without(chunk);
        return [{ kind: "chunk_missing", detail: number }];
      },
      () => {
        rows.push({ ...chunk, id: `${String(chunk["id"])}-again` });
        return [{ kind: "chunk_duplicate", detail: number }];
      },
      () => {
        const raw = { ...(chunk["raw_chunk"] as object), created: 1 };
        rows.push({ ...chunk, id: `${String(chunk["id"])}-other`, raw_chunk: raw });
        return [{ kind: "chunk_conflict", detail: number }];
      },
      () => {
        chunk["raw_chunk"] = { choices: "torn" };
        return [{ kind: "chunk_unreadable", detail: number }];
      },
      () => {
        chunk["delta_text"] = `${String(chunk["delta_text"])}!`;
        return [{ kind: "delta_mismatch", detail: number }];
      },
      () => {
        without(rows[0]);
        return [{ kind: "call_missing", detail: "no row of conversation_calls" }];
      },
      () => {
        without(rows[1]);
        return [{ kind: "request_missing", detail: "no event with a request" }];
      },
      () => {
        for (const event of events) without(event);
        return [
          { kind: "response_missing", detail: "neither a response nor a chunk of one" },
          ...tools.map(({ tool_call_id }) => ({
            kind: "tool_call_missing" as const,
            detail: String(tool_call_id),
          })),
        ];
      },
      () => {
        const { call_id } = chunk;
        rows.push({
          table: "conversation_tool_calls",
          id: `${call_id}-x`,
          call_id,
          tool_call_id: "x",
        });
        return [{ kind: "tool_call_missing", detail: "x" }];
      },
    ];
    return kinds[n % kinds.length]?.() ?? [];
  };

  return Array.from({ length: count }, (_, n) => make(n));
}

/** All rows of all calls, in no order. */
export function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = seeded(seed);
  return list
    .map((each) => ({ each, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ each }) => each);
}

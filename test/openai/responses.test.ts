import { describe, expect, it } from "vitest";
import type { Response, ResponseStreamEvent } from "openai/resources/responses/responses";

import { conforms, openai } from "./client.ts";

/** What the document calls an event: `response.output_text.delta` is a ResponseOutputTextDeltaStreamingEvent. */
const schemaOf = (type: string): string => {
  if (type === "error") return "ErrorStreamingEvent";
  const name = type
    .replace("reasoning_summary_text", "reasoning_summary")
    .split(/[._]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
  return `${name}StreamingEvent`;
};

const checked = (response: Response): Response => {
  conforms("ResponseResource", response);
  return response;
};

async function eventsOf(
  stream: AsyncIterable<ResponseStreamEvent>,
): Promise<ResponseStreamEvent[]> {
  const events: ResponseStreamEvent[] = [];
  for await (const event of stream) {
    conforms(schemaOf(event.type), event);
    events.push(event);
  }
  return events;
}

const WEATHER = {
  type: "function" as const,
  name: "get_weather",
  description: "The weather of a city.",
  strict: true,
  parameters: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
};

describe("responses", () => {
  it("are made, and gone on behind", async () => {
    const client = openai();
    const first = checked(
      await client.responses.create({ model: "local", input: "My name is Alice" }),
    );
    const second = checked(
      await client.responses.create({
        model: "local",
        input: "What is my name?",
        previous_response_id: first.id,
      }),
    );
    expect(second.output_text).toContain("Alice");
    expect(checked(await client.responses.retrieve(second.id))).toMatchObject({
      id: second.id,
      output: second.output,
    });
  });

  it("are streamed, and streamed again", async () => {
    const client = openai();
    const asked = { model: "local", input: "What is 6 * 7?", stream: true } as const;
    const events = await eventsOf(await client.responses.create(asked));
    const id = events[0]?.type === "response.created" ? events[0].response.id : "";
    const again = await client.responses.retrieve(id, { stream: true });
    expect(await eventsOf(again)).toEqual(events);
  });

  it("call functions, and take what they gave", async () => {
    const client = openai();
    const stream = client.responses.stream({
      model: "local",
      input: 'Call get_weather for "Paris"',
      tools: [WEATHER],
    });
    const first = checked(await stream.finalResponse());
    const call = first.output.find((item) => item.type === "function_call");
    expect(call).toMatchObject({ name: "get_weather", arguments: '{"city":"Paris"}' });
    const second = await client.responses.create({
      model: "local",
      previous_response_id: first.id,
      tools: [WEATHER],
      input: [{ type: "function_call_output", call_id: call?.call_id ?? "", output: "sunny" }],
    });
    expect(checked(second).output_text).toContain("sunny");
  });
});

import { describe, expect, it } from "vitest";

import {
  ENDLESS,
  LONG,
  ask,
  at,
  chunksIn,
  freshName,
  history,
  turnsOf,
  userMessage,
} from "./chat.ts";
import type { Setting } from "./chat.ts";

const setting = (model: string): Setting => ({
  account: freshName("ui"),
  id: freshName("chat"),
  body: { model },
});
const resume = ({ account, id }: Setting) => fetch(at(`/chat/${id}/stream`, account));
const stop = ({ account, id }: Setting) =>
  fetch(at(`/chat/${id}/stop`, account), { method: "POST" });

const refusal = async (response: Response) => [response.status, await response.json()];

const picture = (bytes: number) => ({
  id: "m-1",
  role: "user",
  parts: [
    { type: "file", mediaType: "image/png", url: `data:image/png;base64,${"A".repeat(bytes)}` },
  ],
});

/** Reads a stream until it says a word, and leaves it. */
async function leaveAfter(response: Response, word: string): Promise<void> {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  for (let text = ""; !text.includes(word);) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the stream ended before ${word}: ${text}`);
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
}

describe("POST /chat", () => {
  it("streams what the SDK's server would", async () => {
    const about = setting("openai/echo");
    const chunks = await chunksIn(await ask(about, [userMessage("m-1", "one two")]));
    const texts = chunks.filter(({ type }) => type === "text-delta");
    expect(texts.map((chunk) => "delta" in chunk && chunk.delta).join("")).toBe(
      "You said: one two",
    );
    expect(chunks.map(({ type }) => type).filter((type) => type !== "text-delta")).toEqual([
      "start",
      "start-step",
      "text-start",
      "text-end",
      "finish-step",
      "finish",
    ]);
    const call_id = (await turnsOf(about))[0]?.call_id;
    expect(chunks[0]).toMatchObject({ messageId: call_id, messageMetadata: { call_id } });
    expect(chunks.at(-1)).toMatchObject({
      finishReason: "stop",
      messageMetadata: {
        call_id,
        status: "completed",
        model: "openai/echo",
        usage: { input_tokens: expect.any(Number), output_tokens: expect.any(Number) },
      },
    });
  });

  it("makes one turn of a message, however often it is sent", async () => {
    const about = setting("openai/drip");
    const messages = [userMessage("m-1", "one two three")];
    const streams = await Promise.all([ask(about, messages), ask(about, messages)]);
    const [first, second] = await Promise.all(streams.map(chunksIn));
    expect(second).toEqual(first);
    expect(await chunksIn(await ask(about, messages))).toEqual(first);
    // The SDK sends a message without a new text so.
    expect(await chunksIn(await ask(about, messages, { messageId: "m-1" }))).toEqual(first);
    expect(await turnsOf(about)).toHaveLength(1);
    const other = await ask(about, [userMessage("m-1", "something else")]);
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ code: "idempotency_mismatch", param: "messages" });
  });

  it("goes on when its client leaves, and is resumed from its beginning", async () => {
    const about = setting("openai/drip");
    expect((await resume(about)).status).toBe(204);
    const messages = [userMessage("m-1", LONG)];
    await leaveAfter(await ask(about, messages), "word2");
    await leaveAfter(await resume(about), "word4");
    const resumed = await chunksIn(await resume(about));
    expect(await chunksIn(await ask(about, messages))).toEqual(resumed);
    expect(await turnsOf(about)).toMatchObject([{ status: "completed" }]);
    const over = await resume(about);
    expect([over.status, await over.text()]).toEqual([204, ""]);
  });

  it("waits for no other chat: here a queue has one consumer, which is busy", async () => {
    const busy = setting("openai/drip");
    const others = [setting("openai/echo"), setting("openai/echo")];
    const long = await ask(busy, [userMessage("m-1", LONG)]);
    for (const about of others) {
      const chunks = await chunksIn(await ask(about, [userMessage("m-1", "one")]));
      expect(chunks.at(-1)).toMatchObject({ finishReason: "stop" });
      expect(await turnsOf(about)).toMatchObject([{ status: "completed" }]);
    }
    expect((await resume(busy)).status).toBe(200);
    expect((await chunksIn(long)).at(-1)).toMatchObject({ finishReason: "stop" });
    expect(await turnsOf(busy)).toMatchObject([{ status: "completed" }]);
  });

  it("is stopped, and keeps what was said", async () => {
    const about = setting("openai/drip");
    expect(await (await stop(about)).json()).toEqual({ session_id: about.id, stopped: false });
    const messages = [userMessage("m-1", ENDLESS)];
    const answer = await ask(about, messages);
    const left = resume(about).then((response) => leaveAfter(response, "word3"));
    await left;
    expect(await (await stop(about)).json()).toEqual({ session_id: about.id, stopped: true });
    const chunks = await chunksIn(answer);
    expect(chunks.slice(-4).map(({ type }) => type)).toEqual([
      "text-end",
      "finish-step",
      "abort",
      "finish",
    ]);
    expect(chunks.at(-1)).toMatchObject({
      finishReason: "interrupted",
      messageMetadata: { status: "cancelled" },
    });
    const [, said] = await history(about);
    const text = said?.parts.find((part) => part.type === "text")?.text ?? "";
    expect(text).toContain("word3");
    expect(`You said: ${ENDLESS}`.startsWith(text)).toBe(true);
    expect(text).not.toBe(`You said: ${ENDLESS}`);
    // A stopped answer is made again in its place.
    const echo = { ...about, body: { model: "openai/echo" } };
    const again = await ask(echo, messages, { trigger: "regenerate-message" });
    expect((await chunksIn(again)).at(-1)).toMatchObject({ finishReason: "stop" });
    expect(await turnsOf(about)).toMatchObject([{ status: "completed" }]);
  });

  it("replaces no answer: a message is answered again in a copy of the chat", async () => {
    const about = setting("openai/echo");
    const first = userMessage("m-1", "one");
    const second = userMessage("m-2", "two");
    await chunksIn(await ask(about, [first]));
    await chunksIn(await ask(about, [second]));
    for (const [message, more] of [
      [second, { trigger: "regenerate-message" }],
      [userMessage("m-2", "edited"), { messageId: "m-2" }],
    ] as const) {
      const refused = await ask(about, [message], more);
      expect(refused.status).toBe(409);
      expect(await refused.json()).toMatchObject({ code: "message_answered", param: "branch" });
      const branch = freshName("chat");
      await chunksIn(await ask(about, [message], { ...more, branch }));
      const again = await chunksIn(await ask(about, [message], { ...more, branch }));
      expect(again.at(-1)).toMatchObject({ finishReason: "stop" });
      const copied = await history({ ...about, id: branch });
      expect(copied.map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant"]);
      expect(copied[0]).toMatchObject({ id: "m-1", parts: [{ text: "one" }] });
      expect(copied[2]).toMatchObject({ id: "m-2", parts: message.parts });
    }
    // A chat that is there takes no copy.
    await chunksIn(await ask({ ...about, id: `${about.id}-2` }, [userMessage("m-9", "nine")]));
    for (const message of [first, second]) {
      const more = { trigger: "regenerate-message", branch: `${about.id}-2` };
      const taken = await ask(about, [message], more);
      expect([taken.status, await taken.json()]).toMatchObject([409, { code: "session_exists" }]);
    }
    expect(await turnsOf(about)).toHaveLength(2);
    // An edited message that has no answer is the same turn.
    const failed = setting("openai/fail");
    await (await ask(failed, [userMessage("m-1", "wrong")])).text();
    const edited = [userMessage("m-1", "right")];
    await chunksIn(await ask({ ...failed, body: {} }, edited, { messageId: "m-1" }));
    const messages = await history(failed);
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
    expect(messages[0]?.parts).toMatchObject([{ text: "right" }]);
    expect(await turnsOf(failed)).toMatchObject([{ status: "completed" }]);
  });

  it("has each message once where answers are stopped, edited and made again", async () => {
    const about = setting("openai/drip");
    const echo = { ...about, body: { model: "openai/echo" } };
    const begun = async (id: string) => {
      const answer = await ask(about, [userMessage(id, ENDLESS)]);
      await leaveAfter(await resume(about), "word2");
      return answer;
    };
    const edited = [userMessage("m-1", "edited")];
    const edit = (text = edited) => ask(echo, text, { messageId: "m-1" });
    const first = await begun("m-1");
    expect(await refusal(await edit())).toMatchObject([409, { code: "idempotency_in_flight" }]);
    await stop(about);
    await chunksIn(first);
    // The stopped answer's place is the edited message's.
    const again = await chunksIn(await edit());
    expect(again.at(-1)).toMatchObject({ finishReason: "stop" });
    expect(await chunksIn(await edit())).toEqual(again);
    expect(await history(about)).toMatchObject([
      { id: "m-1", parts: [{ text: "edited" }] },
      { role: "assistant" },
    ]);
    expect(await refusal(await edit([userMessage("m-1", "more")]))).toMatchObject([
      409,
      { code: "message_answered" },
    ]);
    expect(await turnsOf(about)).toHaveLength(1);
    // An answer that was stopped, with another after it.
    for (const id of ["m-2", "m-3"]) {
      const answer = await begun(id);
      await stop(about);
      await chunksIn(answer);
    }
    const second = [userMessage("m-2", ENDLESS)];
    const regenerate = { trigger: "regenerate-message" };
    expect(await refusal(await ask(echo, second, regenerate))).toMatchObject([
      409,
      { code: "message_answered", param: "branch" },
    ]);
    expect(await turnsOf(about)).toHaveLength(3);
    const branch = freshName("chat");
    await chunksIn(await ask(echo, second, { ...regenerate, branch }));
    const copy = await history({ ...about, id: branch });
    expect(copy.filter(({ role }) => role === "user").map(({ id }) => id)).toEqual(["m-1", "m-2"]);
  });

  it("takes pictures of the size that the other routes take", async () => {
    const about = setting("openai/echo");
    const chunks = await chunksIn(await ask(about, [picture(3 * 1024 * 1024)]));
    expect(chunks.at(-1)).toMatchObject({ finishReason: "stop" });
  });

  it.each([
    [{ messages: [] }, "messages"],
    [{ messages: [{ id: "m", role: "user", parts: [] }] }, "messages.0.parts"],
    [{ messages: [{ id: "m", role: "system", parts: [] }] }, "messages.0.role"],
    [{ messages: [{ id: "m n", role: "user", parts: [] }] }, "messages.0.id"],
    [
      { messages: [{ id: "m", role: "user", parts: [{ type: "data-x" }] }] },
      "messages.0.parts.0.type",
    ],
    [{ messages: [{ id: "m", role: "assistant", parts: [] }] }, "messages"],
    [
      {
        messages: [
          {
            id: "m",
            role: "assistant",
            parts: [{ type: "tool-a", toolCallId: "c", state: "input-available" }],
          },
        ],
      },
      "messages.0.parts.0",
    ],
    [{ temprature: 1 }, "temprature"],
    [{ tools: [{ type: "shell" }] }, "tools.0.type"],
  ])("refuses %j, and names the field", async (more, param) => {
    const response = await ask(setting("local"), [userMessage("m-1", "Hi")], more);
    expect([response.status, await response.json()]).toMatchObject([422, { param }]);
  });
});

import { lastAssistantMessageIsCompleteWithToolCalls } from "ai";
import type { UIMessage } from "ai";
import { describe, expect, it } from "vitest";

import { LONG, WEATHER, at, freshName, history, open, plain, textIn, turnsOf } from "./chat.ts";
import type { Setting } from "./chat.ts";

const setting = (model: string, more: object = {}): Setting => ({
  account: freshName("ui"),
  id: freshName("chat"),
  body: { model, ...more },
});

/** For a machine that is busy with other work. */
const SLOW = { timeout: 30_000 };

const toolPart = (message: UIMessage | undefined) =>
  message?.parts.find((part) => part.type === "tool-get_weather") as
    | { state: string; toolCallId: string; input: unknown; output?: unknown }
    | undefined;

describe("useChat's chat", () => {
  it.each(["local", "openai/drip", "openai/reason", "openai/refuse", "openai/length"])(
    "with %s has the same messages as the server, with ids",
    async (model) => {
      const about = setting(model);
      const { chat, finished } = open(about);
      await chat.sendMessage({ text: "one two three" });
      await chat.sendMessage({ text: "four" });
      expect(chat.error).toBeUndefined();
      expect(chat.messages.map(({ role }) => role)).toEqual([
        "user",
        "assistant",
        "user",
        "assistant",
      ]);
      expect(finished.map(({ message }) => message.id)).toEqual([
        chat.messages[1]?.id,
        chat.messages[3]?.id,
      ]);
      expect(chat.messages[1]?.id).toMatch(/^call_/);
      expect(chat.messages[1]?.metadata).toMatchObject({ call_id: chat.messages[1]?.id, model });
      expect(plain(chat.messages)).toEqual(await history(about));
      expect(finished[0]).toMatchObject({
        isAbort: false,
        isError: false,
        finishReason: model === "openai/length" ? "length" : "stop",
      });
    },
  );

  it("shows reasoning apart from the text", async () => {
    const { chat } = open(setting("openai/reason"));
    await chat.sendMessage({ text: "one" });
    expect(chat.messages[1]?.parts).toMatchObject([
      { type: "step-start" },
      { type: "reasoning", text: "Let me think.", state: "done" },
      { type: "text", text: "You said: one", state: "done" },
    ]);
  });

  it("runs a tool at the client: its result goes along with the next request", async () => {
    const about = setting("openai/tools", { tools: [WEATHER] });
    const { chat, finished } = open(about, {
      sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
      onToolCall: ({ toolCall }) => {
        void chat.addToolOutput({
          tool: toolCall.toolName,
          toolCallId: toolCall.toolCallId,
          output: { degrees: 21 },
        });
      },
    });
    await chat.sendMessage({ text: "The weather?" });
    await expect.poll(() => finished.length, SLOW).toBe(2);
    expect(chat.error).toBeUndefined();
    expect(chat.messages).toHaveLength(2);
    const answer = chat.messages[1];
    expect(toolPart(answer)).toMatchObject({
      state: "output-available",
      input: { city: "Paris" },
      output: { degrees: 21 },
    });
    expect(textIn(answer)).toBe('The tool said: {"degrees":21}');
    expect(finished.map(({ finishReason }) => finishReason)).toEqual(["tool-calls", "stop"]);
    expect(plain(chat.messages)).toEqual(await history(about));
    expect(await turnsOf(about)).toHaveLength(2);
  });

  it("tells a tool's failure to the model", async () => {
    const about = setting("openai/tools", { tools: [WEATHER] });
    const { chat } = open(about);
    await chat.sendMessage({ text: "The weather?" });
    await chat.addToolOutput({
      state: "output-error",
      tool: "get_weather",
      toolCallId: toolPart(chat.messages[1])?.toolCallId ?? "",
      errorText: "No such city.",
    });
    await chat.sendMessage();
    expect(textIn(chat.messages[1])).toBe('The tool said: {"error":"No such city."}');
  });

  it("sends pictures and files to the model, and has them back", async () => {
    const about = setting("openai/raw");
    const { chat } = open(about);
    const url = "data:image/png;base64,iVBORw0KGgo=";
    await chat.sendMessage({
      text: "What is this?",
      files: [{ type: "file", mediaType: "image/png", url }],
    });
    expect(textIn(chat.messages[1])).toContain(url);
    const [asked] = await history(about);
    expect(asked?.parts).toEqual([
      { type: "file", mediaType: "image/png", url },
      { type: "text", text: "What is this?" },
    ]);
  });

  it("gets the code of an error in the stream, and tries again in the same turn", async () => {
    const about = setting("openai/fail");
    const { chat, finished } = open(about);
    await chat.sendMessage({ text: "one" });
    expect(chat.status).toBe("error");
    expect(JSON.parse(chat.error?.message ?? "")).toMatchObject({
      success: false,
      code: "model_failed",
    });
    expect(finished[0]).toMatchObject({ isError: true });
    expect((await history(about)).map(({ role }) => role)).toEqual(["user"]);
    await chat.regenerate({ body: { model: "openai/echo" } });
    expect(textIn(chat.messages[1])).toBe("You said: one");
    expect((await turnsOf(about)).map(({ status }) => status)).toEqual(["completed"]);
  });

  it("shows what policies let through, as the server stores it", async () => {
    const about = setting("openai/echo", { assistant: "clerk" });
    const policies = [
      { type: "redact", on: "both", pattern: "secret", replacement: "[gone]" },
      { type: "block", on: "request", pattern: "bomb", message: "Not that." },
    ];
    const path = `/admin/accounts/${about.account}/assistants/clerk`;
    const body = JSON.stringify({ policies });
    expect((await fetch(at(path, about.account), { method: "PUT", body })).status).toBe(200);
    const { chat } = open(about);
    await chat.sendMessage({ text: "My secret" });
    await chat.sendMessage({ text: "A bomb" });
    const [, first, , second] = chat.messages;
    expect([textIn(first), textIn(second)]).toEqual(["You said: My [gone]", "Not that."]);
    const [asked, ...stored] = await history(about);
    expect(textIn(asked)).toBe("My [gone]");
    expect([stored[0], stored[2]]).toEqual(plain([first, second]));
  });

  it("gets the code of a refusal", async () => {
    const { chat } = open(setting("no-such-model"));
    await chat.sendMessage({ text: "one" });
    expect(JSON.parse(chat.error?.message ?? "")).toMatchObject({ code: "model_not_found" });
  });

  it("resumes a long answer in another page, from its beginning to its end", async () => {
    const about = setting("openai/drip");
    const left = open(about);
    void left.chat.sendMessage({ text: LONG });
    await expect.poll(() => textIn(left.chat.messages[1]), SLOW).toContain("word2");
    await left.chat.stop();
    const messages = await history(about);
    expect(messages.map(({ role }) => role)).toEqual(["user"]);
    const pages = [open(about, { messages }), open(about, { messages })];
    await Promise.all(pages.map(({ chat }) => chat.resumeStream()));
    for (const { chat, finished } of pages) {
      expect(textIn(chat.messages[1])).toBe(`You said: ${LONG}`);
      expect(finished).toMatchObject([{ isAbort: false, isError: false, finishReason: "stop" }]);
      expect(plain(chat.messages)).toEqual(await history(about));
    }
    expect(await turnsOf(about)).toHaveLength(1);
    // Nothing is in progress any more.
    const [page] = pages;
    await page?.chat.resumeStream();
    expect(page?.finished).toHaveLength(1);
  });

  it("resumes in the middle of a message, after its tool ran", async () => {
    const about = setting("openai/tools", { tools: [WEATHER] });
    const { chat } = open(about);
    await chat.sendMessage({ text: "The weather?" });
    await chat.addToolOutput({
      tool: "get_weather",
      toolCallId: toolPart(chat.messages[1])?.toolCallId ?? "",
      output: LONG,
    });
    void chat.sendMessage(undefined, { body: { model: "openai/drip" } });
    await expect.poll(() => textIn(chat.messages[1]), SLOW).toContain("word2");
    await chat.stop();
    const messages = await history(about);
    const ran: string[] = [];
    const onToolCall = ({ toolCall }: { toolCall: { toolCallId: string } }) => {
      ran.push(toolCall.toolCallId);
    };
    const other = open(about, { messages, onToolCall });
    await other.chat.resumeStream();
    expect(ran).toEqual([]);
    expect(other.chat.messages).toHaveLength(2);
    expect(toolPart(other.chat.messages[1])).toMatchObject({
      input: { city: "Paris" },
      output: LONG,
    });
    expect(textIn(other.chat.messages[1])).toBe(`You said: ${LONG}`);
    expect(plain(other.chat.messages)).toEqual(await history(about));
  });
});

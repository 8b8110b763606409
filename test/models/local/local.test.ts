import { describe, expect, it } from "vitest";
import type { Message } from "../../../src/shared/items.ts";
import { answerLocally, localModel } from "../../../src/models/local/local.ts";
import type { ModelSettings, ReplyPart } from "../../../src/models/model.ts";
import { requestOf } from "../stand-ins.ts";

/** A session in which the user said these things, one after the other; the answer to the last. */
function say(...said: string[]): string {
  const messages: Message[] = [];
  let answer = "";
  for (const content of said) {
    messages.push({ role: "user", content });
    answer = answerLocally(messages);
    messages.push({ role: "assistant", content: answer });
  }
  return answer;
}

describe("the local model", () => {
  it.each([
    ["My name is Alice", "What is my name?", "Your name is Alice."],
    ["Hi, my name is Alice. How are you?", "who am i", "Your name is Alice."],
    ["hello! I'm Alice", "What's my name again, please?", "Your name is Alice."],
    ["my name’s Alice", "Do you remember my name?", "Your name is Alice."],
    ["Please call me Dr. Strange.", "What am I called?", "Your name is Dr. Strange."],
    ["My favorite color is blue!", "what's my favourite colour?", "Your favorite color is blue."],
    ["I live in Paris now", "Where do I live?", "You live in Paris."],
    ["I just moved to Berlin", "so where do I live?", "You live in Berlin."],
    ["I'm from New Zealand", "Where am I from?", "You are from New Zealand."],
    ["I work as a nurse", "What do I do for a living?", "You work as a nurse."],
    ["I work at Acme Corp.", "Who do I work for?", "You work at Acme Corp."],
    ["I am 30 years old", "How old am I?", "You are 30 years old."],
    ["I have a dog named Rex", "What is my dog's name?", "Your dog's name is Rex."],
    ["My dog is called Rex", "What is the name of my dog?", "Your dog is Rex."],
    ["My car is red", "What color is my car?", "Your car is red."],
    [
      "The secret word is banana.",
      "What is the secret word?",
      "You told me that the secret word is banana.",
    ],
    [
      "Remember the number 42",
      "What number did I ask you to remember?",
      "You asked me to remember the number 42.",
    ],
    [
      "Remember that my flight is BA117",
      "Can you tell me what my flight is?",
      "Your flight is BA117.",
    ],
    ["My sister is my best friend", "who is my sister", "Your sister is your best friend."],
  ])("having heard %j it answers %j", (told, question, answer) => {
    expect(say(told, question)).toBe(answer);
  });

  it("takes several facts from one message, and answers several questions of one", () => {
    const told = "My name is Alice, I live in Paris and I am 30 years old.";
    expect(say(told, "What is my name and where do I live?")).toBe(
      "Your name is Alice. You live in Paris.",
    );
    expect(say(told, "What do you know about me?")).toBe(
      "You told me this: your name is Alice; you live in Paris; you are 30 years old.",
    );
  });

  it("lets a later statement correct an earlier one", () => {
    expect(say("My name is Alice", "Actually, my name is Bob, not Alice", "What is my name?")).toBe(
      "Your name is Bob.",
    );
    expect(say("My name is Alice", "My name is not Alice but Carol", "What is my name?")).toBe(
      "Your name is Carol.",
    );
    expect(say("My name is Alice", "My name isn't Alice", "What is my name?")).toMatch(
      /^You haven't told me your name/,
    );
  });

  it("says what it noted", () => {
    expect(say("My name is Alice")).toBe("Nice to meet you, Alice.");
    expect(say("I live in Paris.")).toBe("Noted: you live in Paris.");
  });

  it("says that it wasn't told what lies outside what it can see", () => {
    expect(say("What is my name?")).toBe(
      "You haven't told me your name in what I can see of this conversation.",
    );
    expect(say("My name is Alice", "How old am I?")).toMatch(/^You haven't told me your age/);
    expect(say("what is my constructor?")).toMatch(/^You haven't told me your constructor/);
  });

  it("believes the user only, not itself or its instructions", () => {
    const messages: Message[] = [
      { role: "system", content: "My name is HAL" },
      { role: "assistant", content: "My name is Eve" },
      { role: "user", content: "What is my name?" },
    ];
    expect(answerLocally(messages)).toMatch(/^You haven't told me your name/);
  });

  it("recalls what was said first and last", () => {
    const said = ["I like tea", "How tall is Everest?", "It rains"];
    expect(say(...said, "What did I say first?")).toBe(
      'The first thing that I can see you said is: "I like tea"',
    );
    expect(say(...said, "what did I ask you first")).toBe(
      'The first thing that I can see you asked is: "How tall is Everest?"',
    );
    expect(say(...said, "What did I just say?")).toBe(
      'The last thing that I can see you said is: "It rains"',
    );
    expect(say(...said, "What was the first thing I said?")).toContain("I like tea");
    expect(say(...said, "What was my last question?")).toContain("How tall is Everest?");
    expect(say("My name is Alice", "What did you say last?")).toContain("Nice to meet you, Alice.");
    expect(say("What did I say before?")).toBe("I can see nothing that you said before this.");
  });

  it("greets by name once it knows one", () => {
    expect(say("Hello!")).toBe("Hello! What can I do for you?");
    expect(say("I'm Alice", "Hi there")).toBe("Hello, Alice! What can I do for you?");
    expect(say("I am French", "Hi")).toBe("Hello! What can I do for you?");
  });

  it("does sums among other things", () => {
    expect(say("What is 12 * (3 + 4)?")).toBe("12 * (3 + 4) = 84");
    expect(say("My name is Alice. What is 2+2?")).toBe("Nice to meet you, Alice. 2+2 = 4");
    expect(say("what's 1 / 0?")).toBe("I cannot work out 1 / 0: division by zero has no answer.");
  });

  it("says plainly that it is the offline model, and how to set a real one", () => {
    const answer = say("What is the capital of France?");
    expect(answer).toContain("offline model");
    expect(answer).toContain('"What is the capital of France?"');
    expect(answer).toContain("MODEL");
    expect(say("Who are you?")).toContain("offline model");
  });

  it("answers any text at all, and in good time", () => {
    const size = 256 * 1024;
    const hostile = [
      "",
      " ",
      "\u0000",
      "?",
      "\ud800",
      "😀".repeat(size / 4),
      "__proto__ is my constructor",
    ];
    for (const piece of [
      "(",
      ")",
      "-",
      " ",
      "\n",
      "!",
      "!x",
      "my ",
      "my is ",
      "my a is ",
      ", and i",
      "1+",
      "9",
      "what ",
      "hi, ",
      "a.",
      "call me ",
      "not but ",
      "\t",
      "''",
      " is",
    ]) {
      const text = piece.repeat(Math.ceil(size / piece.length));
      hostile.push(
        text,
        `${text}?`,
        `what is ${text}`,
        `my ${text} is ${text}`,
        `what is my ${text}`,
      );
    }
    for (const text of hostile) {
      const answer = answerLocally([
        { role: "user", content: text },
        { role: "user", content: text },
      ]);
      expect(answer.length).toBeGreaterThan(0);
      expect(answer.length).toBeLessThan(8_000);
      expect(answer.isWellFormed() || !text.isWellFormed()).toBe(true);
    }
    expect(answerLocally([])).toContain("offline model");
  }, 5_000);

  it("streams by words, and what it streams is the answer", async () => {
    const deltas: string[] = [];
    const request = {
      account_id: "a",
      session_id: "s",
      messages: [{ role: "user" as const, content: "My name is Alice. What is my name?" }],
      signal: new AbortController().signal,
      onDelta: (text: string) => deltas.push(text),
    };
    const reply = await localModel.respond(request);
    expect(reply).toEqual({
      text: "Nice to meet you, Alice. Your name is Alice.",
      model: "local",
      usage: { input_tokens: 8, output_tokens: 9 },
    });
    expect(deltas.length).toBe(9);
    expect(deltas.join("")).toBe(reply.text);
  });

  it("fails with a ModelError once the caller has left", async () => {
    const request = { account_id: "a", session_id: "s", messages: [], signal: AbortSignal.abort() };
    await expect(localModel.respond(request)).rejects.toMatchObject({
      name: "ModelError",
      code: "model_timeout",
    });
  });
});

const tool = (name: string, properties: object = {}, required = Object.keys(properties)) => ({
  type: "function" as const,
  name,
  parameters: { type: "object", properties, required },
});
const TOOLS = [tool("get_weather", { city: { type: "string" } }), tool("now")];

const calls = async (message: string, settings: ModelSettings) => {
  const { text, items = [] } = await localModel.respond(
    requestOf([message], { settings: { tools: TOOLS, ...settings } }),
  );
  const called = items.flatMap((each) => (each.type === "function_call" ? [each] : []));
  expect(text === "").toBe(called.length > 0);
  return called.map(({ name, arguments: args }) => `${name} ${args}`);
};

describe("the local model with tools", () => {
  it("calls the one that is named first", async () => {
    expect(await calls("Use get_weather for Paris", {})).toEqual(['get_weather {"city":"Paris"}']);
    expect(await calls("now, and then get_weather", {})).toEqual(["now {}"]);
    expect(await calls("What do you know?", {})).toEqual([]);
    expect(await calls("get_weather_now", {})).toEqual([]);
  });

  it("calls as it is told to", async () => {
    expect(await calls("Hello", { tool_choice: "required" })).toEqual([
      'get_weather {"city":"Hello"}',
    ]);
    expect(await calls("now", { tool_choice: "required" })).toEqual(["now {}"]);
    expect(await calls("get_weather", { tool_choice: { name: "now" } })).toEqual(["now {}"]);
    expect(await calls("now", { tool_choice: "none" })).toEqual([]);
    expect(await calls("now", { tool_choice: { name: "other" } })).toEqual([]);
    expect(await calls("now", { tools: [], tool_choice: "required" })).toEqual([]);
    const bare = { type: "function" as const, name: "bare" };
    expect(await calls("bare", { tools: [bare] })).toEqual(["bare {}"]);
  });

  it("says what tools said, rather than call them again", async () => {
    const { items = [] } = await localModel.respond(
      requestOf(["now"], { settings: { tools: TOOLS } }),
    );
    const [call] = items;
    const id = call?.type === "function_call" ? call.call_id : "";
    const messages: Message[] = [
      { role: "user", content: "now" },
      {
        role: "assistant",
        content: "",
        tool_calls: [{ id, type: "function", function: { name: "now", arguments: "{}" } }],
      },
      { role: "tool", content: "Noon", tool_call_id: id },
    ];
    const settings: ModelSettings = { tools: TOOLS, tool_choice: "required" };
    const sayOf = async (all: Message[]) =>
      (await localModel.respond(requestOf([], { messages: all, settings }))).text;
    expect(await sayOf(messages)).toBe("The tool now said: Noon");
    expect(await sayOf([...messages, { role: "tool", content: "Rain", tool_call_id: "c2" }])).toBe(
      "The tool now said: Noon\nThe tool c2 said: Rain",
    );
  });

  it("tells of a call as it returns it, under an id that is the same for the same messages only", async () => {
    const parts: ReplyPart[] = [];
    const ask = (...said: string[]) =>
      localModel.respond(
        requestOf(said, { settings: { tools: TOOLS }, onPart: (part) => void parts.push(part) }),
      );
    const first = await ask("now");
    const [call] = first.items ?? [];
    const call_id = call?.type === "function_call" ? call.call_id : "";
    expect(call_id).toMatch(/^call_[0-9a-f]{16}$/);
    expect(parts).toEqual([
      { type: "call", call_id, name: "now" },
      { type: "arguments", call_id, delta: "{}" },
    ]);
    expect(first.usage).toEqual({ input_tokens: 1, output_tokens: 1 });
    expect(await ask("now")).toEqual(first);
    expect((await ask("now", "now")).items).not.toEqual(first.items);
  });
});

const answerTo = async (message: string, settings: ModelSettings) =>
  localModel.respond(requestOf([message], { settings }));

describe("the local model with a format, a limit or a picture", () => {
  it("answers in JSON", async () => {
    const { text } = await answerTo("2+2", { format: { type: "json_object" } });
    expect(JSON.parse(text)).toEqual({ answer: "2+2 = 4" });
  });

  it("answers in JSON of a schema", async () => {
    const schema = {
      type: "object",
      properties: { name: { type: "string" }, age: { type: "integer" } },
      required: ["name", "age"],
    };
    const format = { type: "json_schema" as const, name: "person", schema };
    const { text } = await answerTo("I met Alice, who is 30", { format });
    expect(JSON.parse(text)).toEqual({ name: "Alice", age: 30 });
  });

  it("stops at its limit, and says that it did", async () => {
    expect(await answerTo("My name is Alice", { max_output_tokens: 3 })).toMatchObject({
      text: "Nice to meet",
      cut: "max_output_tokens",
      usage: { output_tokens: 3 },
    });
    const whole = await answerTo("My name is Alice", { max_output_tokens: 5 });
    expect(whole.text).toBe("Nice to meet you, Alice.");
    expect(whole).not.toHaveProperty("cut");
  });

  it("says that it cannot see", async () => {
    const messages: Message[] = [
      {
        role: "user",
        content: "My name is Alice",
        parts: [
          { type: "input_text", text: "My name is Alice" },
          { type: "input_image", image_url: "https://pics.test/a.png" },
        ],
      },
    ];
    const { text } = await localModel.respond(requestOf([], { messages }));
    expect(text).toBe("Nice to meet you, Alice. I cannot see pictures.");
  });
});

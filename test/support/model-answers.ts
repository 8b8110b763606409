/** What a chat completion asks of the model server. */
export interface Asked {
  model: string;
  stream?: boolean;
  messages: { role: string; content: Content }[];
  tools?: { function: { name: string } }[];
  tool_choice?: unknown;
}

type Content = string | { text?: string }[] | null;

export interface Call {
  id: string;
  type: string;
  function: { name: string; arguments: string };
}

/** One answer of the model, and how it is sent. */
export interface Answer {
  content: string | null;
  refusal?: string;
  reasoning_content?: string;
  /** Signed or encrypted reasoning, as OpenRouter sends it. */
  reasoning_details?: object[];
  tool_calls?: Call[];
  finish_reason?: string | null;
  usage?: object | null;
  /** The answer is this status, with an error in OpenAI's form. */
  status?: number;
  /** After so many pieces an error comes instead of the rest. In an answer that is not streamed it stands beside `choices`. */
  error_after?: number;
  /** After so many pieces the connection is dropped. */
  cut_after?: number;
  /** The name of a call comes in a later chunk than its id. */
  late_names?: boolean;
  /** Between two pieces. */
  drip_ms?: number;
}

/** A step of a script: an answer whose calls are short. */
interface Step extends Omit<Partial<Answer>, "tool_calls"> {
  tool_calls?: { name: string; arguments: unknown }[];
  /** The answer is what the model was shown, as JSON. */
  shown?: boolean;
}

const DRIP_MS = 100;

export const textOf = (content: Content): string =>
  typeof content === "string" ? content : (content ?? []).map(({ text }) => text ?? "").join("");

/** By the model's name, as the model server's documentation has it. @param body - of the whole request */
export function answerTo(asked: Asked, body: string): Answer {
  const { model, messages } = asked;
  const said = textOf(messages.at(-1)?.content ?? "");
  const refused = /^status-(\d{3})$/.exec(model)?.[1];
  if (refused !== undefined) return { content: null, status: Number(refused) };
  switch (model) {
    case "told":
      return told(said);
    case "script":
      return scripted(messages);
    case "tools": {
      const tool_calls = callsOf(asked);
      if (tool_calls.length > 0) return { content: null, tool_calls };
      return plain(
        messages.at(-1)?.role === "tool" ? `The tool said: ${said}` : `You said: ${said}`,
      );
    }
    case "count":
      return plain(`${messages.length} messages`);
    case "slots":
      return plain(between(said) ?? "nothing");
    case "record":
      return plain(JSON.stringify(messages));
    case "raw":
      return plain(body);
    case "judge":
      return plain(`${/bomb/.test(said) ? "BLOCK" : "Allow"}: because of ${said.length} letters.`);
    case "refuse":
      return { content: null, refusal: "I would rather not." };
    case "empty":
      return plain("");
    case "json":
      return plain('{"answer":"42"}');
    case "reason":
      return { ...plain(`You said: ${said}`), reasoning_content: "Let me think." };
    case "length":
      return { ...plain(`You said: ${said}`), finish_reason: "length" };
    case "drip":
      return { ...plain(`You said: ${said}`), drip_ms: DRIP_MS };
    case "break":
      return { ...plain(`You said: ${said}`), cut_after: 1 };
    default:
      return plain(`You said: ${said}`);
  }
}

const plain = (content: string): Answer => ({ content });

const between = (text: string): string | undefined => /<<([\s\S]*)>>/.exec(text)?.[1];

/** What the last message says that is to be answered. */
function told(said: string): Answer {
  try {
    return JSON.parse(between(said) ?? "") as Answer;
  } catch {
    return { content: "Told nothing.", usage: { prompt_tokens: 1.5, completion_tokens: -5 } };
  }
}

/** The step that is due: as many are done as times that the model has answered since the script was given. */
function scripted(messages: Asked["messages"]): Answer {
  const at = messages.findLastIndex(
    ({ role, content }) => role === "user" && between(textOf(content)) !== undefined,
  );
  const script = between(textOf(messages[at]?.content ?? null));
  if (script === undefined) return plain(`You said: ${textOf(messages.at(-1)?.content ?? null)}`);
  const steps = JSON.parse(script) as Step[];
  // One answer may be shown to the model as several messages.
  const done = messages.filter(
    ({ role }, index) =>
      index > at && role === "assistant" && messages[index - 1]?.role !== "assistant",
  ).length;
  const { shown, tool_calls, content = null, ...rest } = steps[done] ?? { content: "Done." };
  return {
    ...rest,
    content: shown === true ? JSON.stringify(messages) : content,
    ...(tool_calls && {
      tool_calls: tool_calls.map(({ name, arguments: given }, index) => ({
        id: `call_${messages.length}_${index}`,
        type: "function",
        function: { name, arguments: typeof given === "string" ? given : JSON.stringify(given) },
      })),
    }),
  };
}

/** None where the last message is what a tool said. */
function callsOf({ messages, tools = [], tool_choice }: Asked): Call[] {
  if (messages.at(-1)?.role === "tool" || tool_choice === "none") return [];
  const asked = messages.findLast(({ role }) => role === "user")?.content ?? "";
  return tools
    .slice(0, /\ball\b/.test(textOf(asked)) ? undefined : 1)
    .map(({ function: { name } }, index) => ({
      id: `call_${index + 1}`,
      type: "function",
      function: { name, arguments: '{"city":"Paris"}' },
    }));
}

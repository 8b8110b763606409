import type { Message } from "../../shared/items.ts";
import { evaluate, expressionIn, formatNumber } from "./arithmetic.ts";
import { type Clause, clausesOf, clip } from "./clauses.ts";
import { type Fact, factIn, factsOf } from "./facts.ts";
import { fillSchema } from "./fill-schema.ts";
import { localCall, toolResults } from "./local-tools.ts";
import type { Model, ModelSettings, Usage } from "../model.ts";
import { ModelError } from "../model-error.ts";
import { StreamCoalescer } from "../stream-coalescer.ts";
import { factsIn } from "../../shared/user-facts.ts";
import { factQuestionIn, type RecallQuestion, recallQuestionIn } from "./questions.ts";

const MAX_ANSWERED_CLAUSES = 8;
const MAX_ECHO_LENGTH = 80;
const MAX_QUOTE_LENGTH = 500;
const MAX_LISTED_FACTS = 20;

const HOW_TO = "Set MODEL to workers-ai/<model>, openai/<model> or upstream for a real one.";

const BLIND = "I cannot see pictures.";

const GREETING =
  /^(?:hi|hello|hey|howdy|greetings|good (?:morning|afternoon|evening|day))(?: there| again| colloquy)?$/i;
const SMALL_TALK: [RegExp, string][] = [
  [/^(?:thanks|thank you|thx|cheers)(?: (?:a lot|very much|so much))?$/i, "You're welcome."],
  [/^(?:bye|goodbye|good night|see you)(?: .{1,20})?$/i, "Goodbye."],
  [/^how are you(?: .{1,20})?$/i, "I am well, thank you."],
  [
    /^(?:(?:who|what) are you|what(?:'s| is) your name|which model are you|are you (?:a bot|real|human|an ai))$/i,
    `I am Colloquy's offline model. ${HOW_TO}`,
  ],
];
const ABOUT_ME = /^what (?:do|did) you (?:know|remember|learn) (?:about|of) me$/i;

/**
 * The embedded default model: it answers from the session's own messages, does arithmetic, and otherwise says that it is
 * the offline model. A pure function: the same messages give the same answer. Never throws.
 */
export function answerLocally(messages: Message[]): string {
  const last = messages.findLastIndex((message) => message.role === "user");
  const current = messages[last];
  if (!current) return `I am the offline model, and there is nothing to answer yet. ${HOW_TO}`;

  const clauses = clausesOf(current.content).slice(0, MAX_ANSWERED_CLAUSES);
  const known = messages.flatMap((message) => factsIn(message) ?? []);
  const said = messages.filter((message) => factsIn(message) === null);
  const view = {
    before: said.slice(0, said.indexOf(current)),
    facts: () => factsOf([...known, ...saidBy("user", said)]),
  };
  const replies = new Set<string>();
  for (const clause of clauses) {
    const reply = answerClause(clause, view);
    if (reply !== null) replies.add(reply);
    else if (clause.question) replies.add(dontKnow(current.content));
  }
  return replies.size > 0 ? [...replies].join(" ") : dontKnow(current.content);
}

interface View {
  before: Message[];
  /** Called only by the clauses that need facts. */
  facts: () => Map<string, Fact>;
}

function answerClause({ text, question }: Clause, view: View): string | null {
  const talk = SMALL_TALK.find(([pattern]) => pattern.test(text));
  if (talk) return talk[1];
  if (GREETING.test(text)) {
    const name = view.facts().get("name")?.value;
    return `Hello${name ? `, ${name}` : ""}! What can I do for you?`;
  }
  if (ABOUT_ME.test(text)) return describe(view.facts());

  const expression = expressionIn(text);
  const result = expression === null ? null : evaluate(expression);
  if (result) {
    return "value" in result
      ? `${expression} = ${formatNumber(result.value)}`
      : `I cannot work out ${expression}: ${result.problem}.`;
  }
  const recall = recallQuestionIn(text);
  if (recall) return quote(recall, view.before);

  const asked = factQuestionIn(text);
  if (asked) {
    const facts = view.facts();
    const fact = asked.keys.map((key) => facts.get(key)).find((found) => found !== undefined);
    if (fact)
      return asked.own ? `${capital(fact.sentence)}.` : `You told me that ${fact.sentence}.`;
    return asked.own
      ? `You haven't told me ${asked.what} in what I can see of this conversation.`
      : null;
  }
  const fact = question ? null : factIn(text);
  if (!fact) return null;
  return fact.key === "name" && fact.value !== null
    ? `Nice to meet you, ${fact.value}.`
    : `Noted: ${fact.sentence}.`;
}

function describe(facts: Map<string, Fact>): string {
  if (facts.size === 0)
    return "You haven't told me anything about you in what I can see of this conversation.";
  const sentences = [...facts.values()].slice(-MAX_LISTED_FACTS).map((fact) => fact.sentence);
  return `You told me this: ${sentences.join("; ")}.`;
}

function quote({ from, which, questionsOnly }: RecallQuestion, before: Message[]): string {
  const all = saidBy(from, before);
  const asked = questionsOnly
    ? all.filter((text) => clausesOf(text).some((clause) => clause.question))
    : [];
  const said = asked.length > 0 ? asked : all;
  const text = which === "first" ? said[0] : said.at(-1);
  const who = from === "user" ? "you" : "I";
  if (text === undefined) return `I can see nothing that ${who} said before this.`;
  return `The ${which} thing that I can see ${who} ${asked.length > 0 ? "asked" : "said"} is: "${shorten(text, MAX_QUOTE_LENGTH)}"`;
}

function dontKnow(message: string): string {
  const echo = shorten(message, MAX_ECHO_LENGTH);
  const said = echo === "" ? "You said nothing that I can read." : `You said: "${echo}"`;
  return `I am the offline model: I only know what you told me here, and arithmetic. ${said} ${HOW_TO}`;
}

const saidBy = (role: Message["role"], messages: Message[]): string[] =>
  messages.filter((message) => message.role === role).map((message) => message.content);

function shorten(text: string, length: number): string {
  // Twice the length shows whether anything is left out once spaces are collapsed.
  const plain = clip(text, 2 * length)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return plain.length > length || text.length > 2 * length
    ? `${clip(plain, length).trimEnd()}…`
    : plain;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Words between ASCII spaces. They stand in for tokens, and are the same on every machine. */
function countWords(text: string): number {
  let words = 0;
  let inside = false;
  for (let at = 0; at < text.length; at += 1) {
    const space = text.charCodeAt(at) <= 0x20;
    if (!space && !inside) words += 1;
    inside = !space;
  }
  return words;
}

/** The first words of a text. */
function firstWords(text: string, count: number): string {
  const words = text.match(/\s*\S+/g) ?? [];
  return words.length <= count ? text : words.slice(0, count).join("");
}

/** The answer when no tool is called: JSON when the format asks for it. */
function formatAnswer(messages: Message[], format: ModelSettings["format"]): string {
  const results = toolResults(messages);
  const newest = messages.findLast((message) => message.role === "user");
  if (format?.type === "json_schema")
    return JSON.stringify(fillSchema(format.schema, results ?? newest?.content ?? ""));
  const isShown = newest?.parts?.some((part) => part.type === "input_image") ?? false;
  const text = results ?? `${answerLocally(messages)}${isShown ? ` ${BLIND}` : ""}`;
  return format ? JSON.stringify({ answer: text }) : text;
}

/**
 * `MODEL=local`. It calls tools that are named and fills schemas, so that both can be tried without a key. Its usage and
 * its limit count words between spaces, not tokens: the Worker has no tokeniser.
 */
export const localModel: Model = {
  name: "local",
  async respond(request) {
    const { messages, settings = {}, signal } = request;
    if (signal?.aborted)
      throw new ModelError("model_timeout", "local was stopped before it began", {
        retryable: false,
      });
    const pieces = new StreamCoalescer(request);
    const call = localCall(messages, settings);
    const all = call ? "" : formatAnswer(messages, settings.format);
    const text = firstWords(all, settings.max_output_tokens ?? Infinity);
    if (call) {
      pieces.beginCall(call.call_id, call.name);
      pieces.addArguments(call.call_id, call.arguments);
    }
    const isStreamed = request.onDelta !== undefined || request.onPart !== undefined;
    const deltas = isStreamed ? (text.match(/^\s*\S+\s*|\S+\s*/g) ?? []) : [text];
    for (const word of deltas) pieces.addText(word);
    pieces.end(false);
    const usage: Usage = {
      input_tokens: messages.reduce((words, message) => words + countWords(message.content), 0),
      output_tokens: countWords(call?.arguments ?? text),
    };
    return {
      ...pieces.reply,
      model: "local",
      usage,
      ...(text.length < all.length && { cut: "max_output_tokens" as const }),
    };
  },
};

import { CITIES, MODELS, NAMES, STORIES } from "./stories.ts";
import type { Exchange, Story } from "./stories.ts";
import { Random } from "./random.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** About one token for so many characters of English. */
const CHARACTERS_A_TOKEN = 4;
/** Tokens of instructions and tools beside the messages. */
const FRAME_TOKENS = 420;

/** A line of an import: docs/format.md. */
export type Line = Record<string, unknown>;
export interface DemoSession {
  session_id: string;
  user_id: string;
  /** In ms since the epoch. */
  began: number;
  lines: Line[];
}
type Fill = (text: string) => string;

/**
 * So many sessions over so many days, more on working days and of late; the lines of each beside its beginning. Their ids are
 * the same at any time.
 */
export function sessionsOf(
  seeds: Random,
  { count, days, now }: { count: number; days: number; now: number },
): DemoSession[] {
  return Array.from({ length: count }, (_, number) => {
    // How many numbers a moment takes depends on the time.
    const random = new Random(seeds.whole(0, 2 ** 31));
    const story = random.pick(STORIES);
    const name = random.pick(NAMES);
    const user_id = userOf(name);
    const began = momentOf(random, days, now);
    const session_id = `demo-${story.topic}-${String(number).padStart(3, "0")}`;
    const turns = turnsOf(random, story, name, began);
    const session = {
      type: "session",
      format: 8,
      session_id,
      user_id,
      assistant: story.assistant,
      created_at: new Date(began).toISOString(),
      metadata: { topic: story.topic, language: story.language, channel: random.pick(CHANNELS) },
      ...(story.assistant === "support" && { facts: [`The customer is called ${name}.`] }),
      turns: turns.length,
    };
    return { session_id, user_id, began, lines: [session, ...turns] };
  });
}

const CHANNELS = ["web", "app", "e-mail"];

/** `Elif Yılmaz` as `elif.yilmaz`. */
export const userOf = (name: string): string =>
  name
    .toLowerCase()
    .normalize("NFD")
    .replaceAll("ı", "i")
    .replaceAll(/[^a-z ]/g, "")
    .replaceAll(" ", ".");

function momentOf(random: Random, days: number, now: number): number {
  for (;;) {
    // Twice as many today as at the beginning: the shop grows.
    const ago = days * (1 - Math.sqrt(random.next() * 0.75 + 0.25)) * 2;
    const day = new Date(now - ago * DAY_MS);
    const isWeekend = [0, 6].includes(day.getUTCDay());
    day.setUTCHours(random.whole(7, 20), random.whole(0, 59), random.whole(0, 59), 0);
    if (day.getTime() < now - 30 * MINUTE_MS && (!isWeekend || random.chance(0.45)))
      return day.getTime();
  }
}

function turnsOf(random: Random, story: Story, name: string, began: number): Line[] {
  const order = String(random.whole(100_000, 999_999));
  const city = random.pick(CITIES);
  const amount = `${random.whole(19, 420)} €`;
  const day = new Date(began + random.whole(1, 9) * DAY_MS).toISOString().slice(0, 10);
  const words: Record<string, string> = { name, order, city, amount, day };
  const fill: Fill = (text) =>
    text.replaceAll(/\{(\w+)\}/g, (whole, key: string) => words[key] ?? whole);
  let at = began;
  let before = FRAME_TOKENS;
  return story.exchanges.map((exchange) => {
    const turn = turnOf(random, exchange, fill, at, before);
    before += turn.tokens;
    at += random.whole(20, 400) * 1_000;
    return turn.line;
  });
}

function turnOf(random: Random, exchange: Exchange, fill: Fill, at: number, before: number) {
  const model = modelFor(random);
  const ask = fill(exchange.ask);
  const answer = fill(exchange.answer);
  const hasFailed = random.chance(model.failing);
  const isBlocked = exchange.policy === "password";
  const input_tokens = before + Math.ceil(ask.length / CHARACTERS_A_TOKEN);
  const output_tokens = Math.ceil(answer.length / CHARACTERS_A_TOKEN) + (exchange.tool ? 38 : 0);
  const shown = exchange.policy === "card" ? ask.replace(CARD, "[card]") : ask;
  const line: Line = {
    type: "turn",
    created_at: new Date(at).toISOString(),
    input: shown,
    ...(hasFailed
      ? {
          status: "failed",
          output: null,
          model: null,
          duration_ms: random.whole(8_000, 30_000),
          extra: {
            error: { code: "model_timeout", message: "The model took too long to answer." },
          },
        }
      : {
          status: "completed",
          output: isBlocked ? answer : outputOf(random, exchange, fill, answer),
          model: isBlocked ? null : model.name,
          duration_ms: isBlocked ? 3 : durationOf(random, model.ms, output_tokens),
          ...(!isBlocked && { input_tokens, output_tokens }),
          ...(exchange.policy && {
            extra: { policy: policyOf(exchange.policy, ask, shown, answer, at) },
          }),
        }),
  };
  return { line, tokens: output_tokens + Math.ceil(ask.length / CHARACTERS_A_TOKEN) };
}

const CARD = /\b\d{4}(?: \d{4}){3}\b/;

function modelFor(random: Random) {
  let left = random.next();
  for (const model of MODELS) {
    left -= model.share;
    if (left < 0) return model;
  }
  return MODELS[0];
}

/** Mostly near the model's usual time; now and then several times as long. */
const durationOf = (random: Random, ms: number, tokens: number): number =>
  Math.round(ms * (0.5 + random.next()) * (random.chance(0.05) ? 4 : 1) + tokens * 9);

function outputOf(
  random: Random,
  { tool, reasoning }: Exchange,
  fill: Fill,
  answer: string,
): unknown {
  if (!tool && !reasoning) return answer;
  const call_id = `call_${random.whole(1e8, 1e9).toString(36)}`;
  return [
    ...(reasoning ? [{ type: "reasoning", summary: [], text: fill(reasoning) }] : []),
    ...(tool
      ? [
          {
            type: "function_call",
            call_id,
            name: tool.name,
            arguments: fill(JSON.stringify(tool.arguments)),
          },
          { type: "function_call_output", call_id, output: fill(JSON.stringify(tool.result)) },
        ]
      : []),
    { type: "message", role: "assistant", content: answer },
  ];
}

/** A turn's policy record, as the format has it. */
function policyOf(
  kind: NonNullable<Exchange["policy"]>,
  ask: string,
  shown: string,
  answer: string,
  created_at: number,
) {
  const event = { created_at, sequence: 0 };
  if (kind === "card")
    return {
      outcome: "modified",
      events: [
        {
          ...event,
          policy_class: "redact",
          policy_config: JSON.stringify({ pattern: CARD.source, replacement: "[card]" }),
          event_type: "modified",
          original: ask,
          modified: shown,
        },
      ],
    };
  if (kind === "password")
    return {
      outcome: "blocked",
      events: [
        {
          ...event,
          policy_class: "block",
          policy_config: JSON.stringify({ pattern: "password", ignore_case: true }),
          event_type: "blocked",
          original: ask,
          modified: answer,
        },
      ],
    };
  const judge = { probability: 0.08, explanation: "The customer is angry, and threatens nobody." };
  return {
    outcome: "allowed",
    events: [
      {
        ...event,
        policy_class: "judge",
        policy_config: JSON.stringify({ instructions: "Block threats of violence." }),
        event_type: "allowed",
        original: ask,
        metadata: JSON.stringify(judge),
      },
    ],
  };
}

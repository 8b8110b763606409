import type { Random } from "./random.ts";
import { MODELS } from "./stories.ts";

const HOUR_MS = 60 * 60_000;
const QUESTIONS = [
  ["Classify: 'my parcel is late'", '{"label":"shipping","confidence":0.93}'],
  ["Classify: 'the zip broke'", '{"label":"repairs","confidence":0.97}'],
  ["Translate to German: 'two-person tent'", "Zwei-Personen-Zelt"],
  ["Write a subject line for a spring sale", "Spring is here: 20 % off tents"],
  ["Extract the order number: 'it is 482913'", "482913"],
] as const;

/** Calls that a gateway made, as lines of `POST /calls/batch`: some fail, and policies change or block some. */
export function gatewayCalls(random: Random, count: number, now: number): object[] {
  return Array.from({ length: count }, (_, number) => {
    const [question, answer] = random.pick(QUESTIONS);
    const model = random.pick(MODELS);
    const [provider, ...rest] = model.name.split("/");
    const failed = random.chance(0.06);
    const common = {
      call_id: `demo-gateway-${String(number).padStart(3, "0")}`,
      provider,
      model: rest.join("/"),
      created_at: new Date(now - random.next() * 14 * 24 * HOUR_MS).toISOString(),
      duration_ms: Math.round(model.ms * (0.3 + random.next())),
      request: {
        model: rest.join("/"),
        temperature: 0.2,
        messages: [
          { role: "system", content: "You are a classifier and a translator." },
          { role: "user", content: question },
        ],
      },
      metadata: { team: random.pick(["shop", "marketing"]), trace: `trace-${number}` },
    };
    if (failed)
      return {
        ...common,
        error: { code: "provider_rate_limited", message: "429 from the provider" },
      };
    return {
      ...common,
      input_tokens: random.whole(30, 90),
      output_tokens: random.whole(4, 40),
      response: {
        choices: [
          { index: 0, message: { role: "assistant", content: answer }, finish_reason: "stop" },
        ],
      },
      ...(random.chance(0.25) && { policy_events: [policyEvent(random, question, answer)] }),
    };
  });
}

function policyEvent(random: Random, question: string, answer: string): object {
  if (random.chance(0.4))
    return {
      policy_class: "TonePolicy",
      event_type: "modified",
      sequence: 1,
      policy_config: { style: "polite" },
      original: answer,
      modified: `${answer} (checked)`,
    };
  return {
    policy_class: "InjectionJudge",
    event_type: random.chance(0.15) ? "blocked" : "allowed",
    sequence: 0,
    policy_config: { model: "openai/gpt-5.2-mini", threshold: 0.8 },
    original: question,
    metadata: {
      probability: Math.round(random.next() * 100) / 100,
      explanation: "It asks for a label, and for nothing else.",
    },
  };
}

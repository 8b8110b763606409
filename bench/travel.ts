/**
 * `npm run bench:travel -- <file.jsonl.gz>`: what the travel assistant understands of dialogues: those of the
 * Schema-Guided Dialogue dataset, or any in that shape. User turns go in, with what the assistant said before; slots come
 * out, and are compared with the annotated ones: places by city, dates by day.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";

import { EMPTY_DIALOGUE, converse } from "../src/travel/dialogue.ts";
import type { Dialogue as Conversation, Move } from "../src/travel/dialogue.ts";
import { datesIn } from "../src/travel/dates/dates-in.ts";
import { cityOf, placesIn } from "../src/travel/places.ts";
import { EMPTY_TRIP } from "../src/travel/slots.ts";
import { askedIn } from "../src/travel/reply-patterns.ts";
import { stepByStep } from "../src/travel/step-by-step.ts";
import { FLIGHTS } from "../src/travel/topic.ts";
import { merge, understand } from "../src/travel/understand.ts";

interface Turn {
  speaker: "user" | "system";
  utterance: string;
  slots?: Record<string, string[]>;
  service?: string;
}
interface Dialogue {
  dialogue_id: string;
  turns: Turn[];
}

const SLOTS = {
  origin: /^origin(_city|_airport)?$/,
  destination: /^destination(_city|_airport)?$/,
  departure_date: /^departure_date$/,
} as const;
type Name = keyof typeof SLOTS;
const NAMES = Object.keys(SLOTS) as Name[];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** The day on which the dialogues were held. */
    today: { type: "string", default: "2019-03-01" },
    /** Prints the turns that were not understood. */
    wrong: { type: "boolean", default: false },
    /** Without what the assistant said. */
    alone: { type: "boolean", default: false },
  },
});
const [file] = positionals;
if (file === undefined) throw new Error("usage: npm run bench:travel -- <file.jsonl.gz>");
const now = Date.parse(`${values.today}T12:00:00Z`);

/** A value as it is compared: a city's code, or a day. What cannot be read stays as it was written. */
function normal(name: Name, value: string): string {
  if (name === "departure_date") return datesIn(value, now)[0]?.day ?? value.toLowerCase();
  const place = placesIn(value)[0]?.place;
  return place ? (cityOf(place.code)?.code ?? place.code) : value.toLowerCase();
}

const raw = readFileSync(file);
const dialogues = (file.endsWith(".gz") ? gunzipSync(raw) : raw)
  .toString()
  .split("\n")
  .filter((line) => line.trim() !== "")
  .map((line) => JSON.parse(line) as Dialogue);

const tally = Object.fromEntries(
  NAMES.map((name) => [name, { right: 0, said: 0, meant: 0 }]),
) as Record<Name, { right: number; said: number; meant: number }>;
let turns = 0;
let joint = 0;
let read = 0;
for (const { dialogue_id, turns: all } of dialogues) {
  if (!all.some(({ service }) => service?.startsWith("Flights"))) continue;
  read += 1;
  let trip = EMPTY_TRIP;
  let topic = FLIGHTS;
  let said: string | null = null;
  for (const { speaker, utterance, slots = {}, service } of all) {
    if (speaker === "system") {
      said = utterance;
      continue;
    }
    const understood = understand({
      text: utterance,
      now,
      said: values.alone ? null : said,
      trip,
      topic,
      dayOrder: null,
    });
    trip = merge(trip, understood.patch);
    ({ topic } = understood);
    if (!service?.startsWith("Flights")) continue;
    turns += 1;
    let isJoint = true;
    const wrong: string[] = [];
    for (const name of NAMES) {
      const meant = Object.entries(slots).find(([slot]) => SLOTS[name].test(slot))?.[1];
      const own = trip[name];
      const mine =
        own === null ? null : name === "departure_date" ? own : (cityOf(own)?.code ?? own);
      const isRight =
        meant === undefined
          ? mine === null
          : mine !== null && meant.some((value) => normal(name, value) === mine);
      if (mine !== null) tally[name].said += 1;
      if (meant !== undefined) tally[name].meant += 1;
      if (isRight && mine !== null) tally[name].right += 1;
      if (!isRight)
        wrong.push(`${name}: ${mine ?? "nothing"}, meant ${meant?.join("/") ?? "nothing"}`);
      isJoint &&= isRight;
    }
    if (isJoint) joint += 1;
    else if (values.wrong)
      console.log(`${dialogue_id}\n  S: ${said ?? ""}\n  U: ${utterance}\n  ${wrong.join("; ")}`);
  }
}

const share = (part: number, whole: number) => (whole === 0 ? "-" : (part / whole).toFixed(4));
console.log(`${read} dialogues about flights, ${turns} turns`);
console.log("slot             precision  recall");
for (const name of NAMES) {
  const { right, said, meant } = tally[name];
  console.log(`${name.padEnd(16)} ${share(right, said).padEnd(10)} ${share(right, meant)}`);
}
console.log(`joint accuracy   ${share(joint, turns)}`);

/** More than this nobody writes. */
const PATIENCE = 12;

type Handler = (before: Conversation, text: string, said: string | null) => Move;

const smart: Handler = (before, text, said) => {
  const { trip: known, dialogue } = before;
  const understood = understand({
    text,
    now,
    said,
    trip: known,
    topic: dialogue.topic,
    dayOrder: null,
  });
  return converse(before, text, understood, now);
};
const steps: Handler = (before, text) => stepByStep(before, text, now);

/** What somebody wants in the end, in the words of the dialogue. */
function wishOf({ turns: all }: Dialogue): Record<Name | "return_date", string | undefined> {
  const last = all.findLast(({ service }) => service?.startsWith("Flights"))?.slots ?? {};
  const of = (pattern: RegExp) =>
    Object.entries(last)
      .find(([slot]) => pattern.test(slot))?.[1]
      .at(-1);
  return {
    origin: of(SLOTS.origin),
    destination: of(SLOTS.destination),
    departure_date: of(SLOTS.departure_date),
    return_date: of(/^return_date$/),
  };
}

/**
 * Somebody who opens as in the dialogue, answers what is asked with what they want in the end, and says yes to what is
 * right. @returns how many messages until a search; null where it came to none
 */
function messagesTo(handler: Handler, dialogue: Dialogue): number | null {
  const wish = wishOf(dialogue);
  const opening = dialogue.turns.find(({ service }) => service?.startsWith("Flights"))?.utterance;
  if (!wish.origin || !wish.destination || !wish.departure_date || opening === undefined)
    return null;
  let conversation = EMPTY_DIALOGUE;
  let asked: string | null = null;
  let text = opening;
  for (let message = 1; message <= PATIENCE; message += 1) {
    const { dialogue: after, reply }: Move = handler(conversation, text, asked);
    if (reply === null) return message;
    conversation = after;
    asked = reply;
    const wants = askedIn(reply);
    const answers = [
      wants.has("origin") ? `from ${wish.origin}` : "",
      wants.has("destination") ? `to ${wish.destination}` : "",
      wants.has("departure_date") ? `leaving ${wish.departure_date}` : "",
      wants.has("return_date") && wish.return_date ? `returning ${wish.return_date}` : "",
    ].filter((part) => part !== "");
    text = answers.length > 0 ? answers.join(", ") : "yes";
  }
  return null;
}

const taken = dialogues.flatMap((dialogue) => {
  const [one, other] = [messagesTo(smart, dialogue), messagesTo(steps, dialogue)];
  return one === null || other === null ? [] : [{ smart: one, steps: other }];
});
const mean = (counts: number[]) => counts.reduce((sum, each) => sum + each, 0) / counts.length;
const [bySmart, bySteps] = [
  mean(taken.map((each) => each.smart)),
  mean(taken.map((each) => each.steps)),
];
console.log(
  `messages to a search, ${taken.length} dialogues: ${bySmart.toFixed(2)} smart, ${bySteps.toFixed(2)} step by step, ratio ${(bySteps / bySmart).toFixed(2)}`,
);

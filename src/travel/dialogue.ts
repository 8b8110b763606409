import { z } from "zod";

import { DAY_MS } from "../shared/time.ts";
import { addDays } from "./dates/calendar.ts";
import type { FlightQuery } from "./flights/flights.ts";
import { citiesOf, countryIn } from "./gazetteer.ts";
import { placesIn } from "./places.ts";
import {
  CHEAPEST,
  HELP,
  NEXT,
  TOO_MANY,
  askConfirmation,
  askFor,
  doNotKnow,
  detailsOf,
  minutesOf,
  summaryOf,
} from "./replies.ts";
import { offerSchema } from "./offer.ts";
import type { Offer } from "./offer.ts";
import { agrees } from "./reply-patterns.ts";
import { problemOf } from "./problems.ts";
import { CABINS, EMPTY_TRIP, ESSENTIAL, tripSchema } from "./slots.ts";
import type { Slot, Trip } from "./slots.ts";
import { FLIGHTS, FLIGHT_WORDS } from "./topic.ts";
import type { Topic } from "./topic.ts";
import { answerAbout } from "./offer-questions.ts";
import { merge } from "./understand.ts";
import type { Understood } from "./message.ts";

/** The slots that a search needs. */
const NEEDED = ["destination", "origin", "departure_date"] as const;

/**
 * Where a conversation stands: the session's state. A caller may write into it: what does not fit counts as
 * absent.
 */
export const dialogueSchema = z.object({
  trip: tripSchema.catch(EMPTY_TRIP).default(EMPTY_TRIP),
  dialogue: z
    .object({
      topic: z
        .object({
          other: z.boolean(),
          flights: z.boolean().default(false),
          place: z.string().nullable().default(null),
          day: z.string().nullable().default(null),
          passengers: z.int().nullable().default(null),
        })
        .catch(FLIGHTS)
        .default(FLIGHTS),
      /** The slots that a yes would settle. */
      confirming: z.array(z.enum(ESSENTIAL)).catch([]).default([]),
      /** Where the step-by-step dialogue is. */
      step: z.enum(["origin", "destination", "dates", "done"]).nullable().catch(null).default(null),
      /** Messages since the last search, or since the beginning. */
      messages: z.int().catch(0).default(0),
      /** The offers that were found last. */
      offers: z.array(offerSchema).catch([]).default([]),
    })
    .catch({ topic: FLIGHTS, confirming: [], step: null, messages: 0, offers: [] })
    .prefault({}),
});

export type Dialogue = z.infer<typeof dialogueSchema>;

export const EMPTY_DIALOGUE: Dialogue = dialogueSchema.parse({});

/** The result of a message: words, or a search whose result makes the words. */
export interface Move {
  dialogue: Dialogue;
  /** Null where a search is to be made. */
  reply: string | null;
}

const RESET =
  /^\W*(?:please |can (?:we|i|you) |let'?s )*(?:reset|restart|start (?:all )?(?:over|again|new)|new (?:search|trip)|begin again|clear)(?: please| everything| all)*\W*$/i;
const HELP_WORDS =
  /^\W*(?:help|info|commands|menu|\?+|what can you do|how does (?:this|it) work)\W*$/i;
const STOP =
  /^\W*(?:please |i (?:want|would like|wish) to )*(?:stop|stop ?all|unsubscribe|cancel|end|quit|exit|bye|goodbye)(?: please| now| it| messages| messaging me| writing)*\W*$/i;
/** Ends the talk: "no thanks, that's all", "see you", "not right now". */
const CLOSES =
  /^\W*(?:(?:ok|okay|great|perfect|good|cool|no|nope|nah|not|awesome|alright|all right|fine|wonderful|excellent|amazing|sounds (?:good|great)|i'?m good|we'?re good|yes|well)\W+)*(?:thanks?|thank you|thx|cheers|that'?s (?:all|it|everything|fine)|thats (?:all|it)|that (?:is|was|will be|would be|'ll be) (?:all|it|everything)\b|that does it|that is\W*$|nothing(?: else)?|i'?m (?:all set|done|fine|good)|all (?:set|good|done)|(?:good ?)?bye|see you|see ya|take care|have a (?:good|great|nice|lovely)|(?:right now|now|at the moment|at this time|yet|today)\b|i(?:'m| am)? (?:appreciate|do not need|don'?t need)|no need|(?:it|that) (?:won'?t|will not) be necessary)/i;
const YES =
  /^\W*(?:any(?: day| time| of them|thing)?|whatever|whenever|doesn'?t matter|don'?t (?:care|mind)|you (?:choose|decide)|yes|yeah|yep|yup|ya|sure|ok|okay|correct|right|exactly|that'?s (?:right|it|correct)|go ahead|please do|do it|👍)\b/i;
const NO = /^\W*(?:no|nope|nah|wrong|not (?:that|right))\b/i;
const AGAIN = /\b(?:again|retry|search|refresh|try)\b/i;
const CORRECTS =
  /^\W*(?:no|actually|what about|how about|i meant?|sorry|make (?:it|that)|change|instead|rather)\b|\binstead\b/i;
const CHEAPER =
  /\b(?:cheap\w*|less expensive|too (?:much|expensive)|better price|lower price|discount)\b/i;
const CROWD =
  /\b(\d{2,3}) (?:people|persons?|passengers?|adults?|travell?ers?|tickets?|seats?|of us)\b/i;
const BOOKS = /\b(?:book|buy|purchase|reserve|pay|order)\b/i;
const PICKS =
  /^\W*(?:(?:option|number|no\.?|offer|flight|the|take|choose|pick|i(?:'ll| will)? (?:take|want|like|choose)) )*(?:#|the )?(1|2|3|one|two|three|first|second|third|cheapest|fastest)(?: (?:one|option|offer|flight|please))?\W*$/i;
const PICK_WORDS: Record<string, number> = {
  one: 1,
  first: 1,
  cheapest: 1,
  two: 2,
  second: 2,
  three: 3,
  third: 3,
};

/** "Reset", "help", "stop": the same in both dialogues. Null where a message is none of these. */
export function command(dialogue: Dialogue, text: string): Move | null {
  if (HELP_WORDS.test(text)) return { dialogue, reply: HELP };
  if (RESET.test(text)) {
    return {
      dialogue: EMPTY_DIALOGUE,
      reply: "All forgotten. Where do you want to fly, from where, and when?",
    };
  }
  if (STOP.test(text)) {
    return {
      dialogue: EMPTY_DIALOGUE,
      reply:
        "Stopped, and your search is forgotten. You will not hear from me until you write again.",
    };
  }
  return null;
}

/** Everything at once: takes what a message says, asks for what is missing in one question, and searches. */
export function converse(
  before: Dialogue,
  text: string,
  understood: Understood,
  now: number,
): Move {
  const { offers } = before.dialogue;
  const { patch, topic, unsure, unknown } = understood;
  const isNew =
    offers.length > 0 &&
    !CORRECTS.test(text) &&
    [patch.origin, patch.destination].every((code) => code !== undefined) &&
    ![before.trip.origin, before.trip.destination].includes(patch.origin ?? null) &&
    ![before.trip.origin, before.trip.destination].includes(patch.destination ?? null);
  const { passengers, cabin } = before.trip;
  // Better none than the place that was meant before.
  const gone = Object.fromEntries(unknown.map(({ slot }) => [slot, null]));
  const read = merge(isNew ? { ...EMPTY_TRIP, passengers, cabin } : before.trip, {
    ...gone,
    ...patch,
  });
  const accepted: Trip = {
    ...read,
    passengers: read.passengers ?? 1,
    cabin: read.cabin ?? CABINS[0],
  };
  // A traveller who likes what was found agrees to what it was searched for, whatever else the message says.
  const trip = offers.length > 0 && agrees(text) ? accepted : read;
  const isHeard = Object.keys(patch).length > 0;
  const dialogue = { ...before.dialogue, topic, messages: before.dialogue.messages + 1 };
  const say = (reply: string, changed: Partial<Dialogue["dialogue"]> = {}, kept = trip): Move => ({
    dialogue: { trip: kept, dialogue: { ...dialogue, ...changed } },
    reply,
  });

  const picked = isHeard ? null : pickedOf(text, offers);
  if (picked !== null) return say(detailsOf(offers, picked, trip), {}, accepted);
  if (topic.other && Object.values(patch).every((value) => value === null))
    return say(CLOSES.test(text) && !isQuestion(text) ? WELCOME : onlyFlights(topic, trip, now));
  const answer = isHeard ? null : answerAbout(text, offers);
  if (answer !== null)
    return say(
      offers.length > 0
        ? answer
        : `I can say once I have found flights. ${askFor(openOf(trip), trip, now, topic.day)}`,
    );
  if (!isHeard && offers.length > 0 && BOOKS.test(text))
    return say(
      "I compare flights, and do not sell them: take the flight numbers to the airline or to your travel agent.",
      {},
      accepted,
    );
  if (Number(CROWD.exec(text)?.[1] ?? 0) > 9) return say(TOO_MANY);
  if (unknown.length > 0) return say(doNotKnow(unknown.map(({ name }) => name)));
  const problem = problemOf(trip, now);
  if (problem) return say(problem.text, {}, { ...trip, ...problem.without });

  const open = openOf(trip);
  const { confirming } = dialogue;
  const isSettled = confirming.length > 0 && YES.test(text);
  // A place that was named back without an objection is right.
  const waiting = confirming.filter(
    (slot) =>
      !isSettled &&
      trip[slot] !== null &&
      !(slot in patch) &&
      (!isHeard || (slot !== "origin" && slot !== "destination")),
  );
  if (!isHeard && waiting.length > 0)
    return NO.test(text)
      ? say("Then what shall I change?", { confirming: [] })
      : say(askConfirmation(trip, waiting, now));
  if (!isHeard && !isSettled) {
    const country = placesIn(text).length === 0 ? countryIn(text) : null;
    if (country) return say(whichCity(country));
    if (open.length > 0) return say(notUnderstood(text, { open, trip, offers, topic }, now));
    if (offers.length > 0 && CHEAPER.test(text)) return say(CHEAPEST);
    if (offers.length > 0 && !AGAIN.test(text)) return say(CLOSES.test(text) ? WELCOME : NEXT);
  }
  const doubted = isHeard
    ? [...new Set([...unsure.filter((slot) => trip[slot] !== null), ...waiting])]
    : [];
  const country = open.includes("destination") ? countryIn(text) : null;
  if (country) return say(whichCity(country), { confirming: doubted });
  if (open.length > 0) return say(askFor(open, trip, now, topic.day), { confirming: doubted });
  if (doubted.length > 0) return say(askConfirmation(trip, doubted, now), { confirming: doubted });
  return { dialogue: { trip, dialogue: { ...dialogue, confirming: [] } }, reply: null };
}

/** The slots that are still to be asked. */
function openOf(trip: Trip): Slot[] {
  const missing = NEEDED.filter((slot) => trip[slot] === null);
  const wantsReturn = trip.kind === "round_trip" && trip.return_date === null;
  return wantsReturn ? [...missing, "return_date"] : missing;
}

const WELCOME = "You are welcome. Have a good trip!";

function onlyFlights(topic: Topic, trip: Trip, now: number): string {
  const open = openOf(trip);
  return topic.flights && open.length > 0
    ? `Flights are all I look for. ${askFor(open, trip, now)}`
    : "Flights are all I look for. Tell me where from, where to and when, and I will.";
}

const isQuestion = (text: string): boolean => text.includes("?");

function pickedOf(text: string, offers: readonly Offer[]): number | null {
  const word = PICKS.exec(text)?.[1]?.toLowerCase();
  if (word === undefined || offers.length === 0) return null;
  if (word === "fastest") {
    const minutes = offers.map(minutesOf);
    return minutes.indexOf(Math.min(...minutes));
  }
  const number = PICK_WORDS[word] ?? Number(word);
  return number <= offers.length ? number - 1 : null;
}

function whichCity({ code, name }: { code: string; name: string }): string {
  const cities = citiesOf(code, 3).map((city) => city.name);
  return `Which city in ${name}?${cities.length > 0 ? ` For example ${cities.join(", ")}.` : ""}`;
}

const GREETS = /^\W*(?:hi|hello|hey|hola|good (?:morning|afternoon|evening)|start|join)\b/i;

function notUnderstood(
  text: string,
  {
    open,
    trip,
    offers,
    topic,
  }: { open: Slot[]; trip: Trip; offers: readonly Offer[]; topic: Topic },
  now: number,
): string {
  if (GREETS.test(text))
    return `Hello! I find flights. ${askFor(open, trip, now, topic.day)} You can say it all at once: "New York to London next Friday, back on Sunday".`;
  if (CLOSES.test(text)) return "You are welcome! Write again when you want to go on.";
  if (summaryOf(trip, now) === "" && FLIGHT_WORDS.test(text))
    return askFor(open, trip, now, topic.day);
  return `Sorry, I did not understand that. ${askFor(open, trip, now, topic.day)}${offers.length > 0 ? ' Or say "reset".' : ""}`;
}

/** The searches for a complete trip: one, or three where some days sooner or later would do. */
export function queriesOf(trip: Trip, currency: string, now: number): FlightQuery[] {
  const { origin, destination, departure_date } = trip;
  if (origin === null || destination === null || departure_date === null) return [];
  const shifts = trip.flexible === true ? [0, -1, 1] : [0];
  return shifts
    .map((shift): FlightQuery => ({
      origin,
      destination,
      departure_date: addDays(departure_date, shift),
      return_date: trip.return_date === null ? null : addDays(trip.return_date, shift),
      passengers: trip.passengers ?? 1,
      cabin: trip.cabin ?? CABINS[0],
      direct_only: trip.direct_only ?? false,
      currency: trip.budget?.currency ?? currency,
    }))
    .filter((query) => Date.parse(query.departure_date) >= now - (now % DAY_MS));
}

import { z } from "zod";

import { log } from "../observe/log.ts";
import { count } from "../observe/metrics.ts";
import { today } from "./dates/calendar.ts";
import { datesIn } from "./dates/dates-in.ts";
import { placesIn } from "./places.ts";
import { agrees, askedIn } from "./reply-patterns.ts";
import { cityOf } from "./gazetteer.ts";
import { ESSENTIAL, slotSchemas } from "./slots.ts";
import type { Slot, Trip, TripPatch } from "./slots.ts";
import type { Message, Understood } from "./message.ts";
import { parseJson } from "../shared/json.ts";

/** Asks a model. @throws ModelError */
export type AskModel = (system: string, user: string) => Promise<string>;

/**
 * Reads a message with a model, checked by the grammar: where the two differ, the grammar's counts
 * and is to be confirmed. A model that fails, or says nothing that fits, changes nothing.
 */
export async function understoodByModel(
  message: Message,
  offline: Understood,
  askModel: AskModel,
): Promise<Understood> {
  let answer: string;
  try {
    answer = await askModel(instructions(message), conversation(message));
  } catch (error) {
    log("travel.model_failed", "the model did not read a message; the grammar did", {
      reason: error instanceof Error ? error.message : String(error),
    });
    count("travel_understood_total", { by: "grammar" });
    return offline;
  }
  const patch = patchIn(answer);
  count("travel_understood_total", { by: patch === null ? "grammar" : "model" });
  // Talk of other things says nothing of the trip, whatever a model makes of it.
  if (patch === null || offline.topic.other) return offline;
  return combine(offline, supported(patch, message, offline), message.trip);
}

const instructions = ({ now, trip }: Message): string =>
  `You read what a traveller writes to a flight search. Reply with one JSON object and nothing else: what the last message says or changes of the trip, by this JSON Schema; leave out what it says nothing of.
${JSON.stringify(z.toJSONSchema(z.object(slotSchemas).partial(), { io: "input", unrepresentable: "any" }))}
origin and destination are IATA codes, of the city where it has one. Days are YYYY-MM-DD. Today is ${today(now)}.
Known so far: ${JSON.stringify(trip)}`;

const conversation = ({ said, text }: Message): string =>
  `${said === null ? "" : `Assistant: ${said}\n`}Traveller: ${text}`;

/** The slots that fit their schema; null where there is no JSON object at all. */
function patchIn(answer: string): TripPatch | null {
  const json = /\{[\s\S]*\}/.exec(answer)?.[0];
  let parsed: unknown;
  try {
    parsed = parseJson(json ?? "");
  } catch {
    return null;
  }
  const slots = z.record(z.string(), z.unknown()).safeParse(parsed);
  if (!slots.success) return null;
  const fitting = Object.entries(slotSchemas).flatMap(([slot, schema]) => {
    const value = schema.safeParse(slots.data[slot]);
    return value.success && value.data !== null ? [[slot, value.data] as const] : [];
  });
  return Object.fromEntries(fitting);
}

/** Words by which a message speaks of how many fly, without a number. */
const ALONE = /\b(?:a ticket|alone|myself|only me|just me|single)\b/i;
const COMPANY =
  /\b(?:we|us|our|family|wife|husband|girlfriend|boyfriend|partner|friends?|kids?|children|son|daughter|couple|both|pair)\b/i;
const NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
/** A name that the grammar does not know stands where a place does: "to the eternal city". */
const NAMES_PLACE = /\b(?:to|from|in|at|for|near|of|leaving|visit\w*)\s+(?:the\s+)?\p{L}{3,}/iu;
/** How many words answer a question. */
const ANSWER_WORDS = 6;

/** Whether a message may speak of so many people. Numbers of days do not. */
function namesPeople(text: string, people: number, now: number): boolean {
  const rest = datesIn(text, now).reduce(
    (left, { start, end }) => left.slice(0, start) + " ".repeat(end - start) + left.slice(end),
    text,
  );
  const number = new RegExp(
    `(?<![\\d$€£.,:])${people}(?![\\d:]|[.,]\\d|st|nd|rd|th)|\\b${NUMBERS[people - 1]}\\b`,
    "i",
  );
  return number.test(rest) || (people === 1 ? ALONE : COMPANY).test(rest);
}

interface Supported {
  patch: TripPatch;
  /** Slots that nothing in the conversation names. The traveller confirms them. */
  guesses: Set<Slot>;
}

/** The part of a model's reading that the message bears out. A model may invent, and known slots stay. */
function supported(
  patch: TripPatch,
  { text, now, said, trip }: Message,
  offline: Understood,
): Supported {
  const heard = `${text}\n${said ?? ""}`;
  const places = new Set(placesIn(heard).map(({ place }) => cityCode(place.code)));
  const days = new Set(datesIn(heard, now).flatMap(({ day, until }) => [day, until ?? day]));
  const asked = said === null ? new Set<Slot>() : askedIn(said);
  const isAnswer = text.trim().split(/\s+/).length <= ANSWER_WORDS && text.trim() !== "";
  const guesses = new Set<Slot>();
  const isRead = (slot: Slot, value: unknown): boolean => {
    if (slot in offline.patch) return true;
    if (slot === "passengers") return namesPeople(text, Number(value), now);
    const isDay = slot === "departure_date" || slot === "return_date";
    if (!isDay && slot !== "origin" && slot !== "destination") return true;
    if (isDay ? days.has(String(value)) : places.has(cityCode(value))) return true;
    // The grammar finds no such place or day in the text: only a gap is filled, and asked about.
    if (trip[slot] !== null || Object.keys(offline.patch).length > 0) return false;
    const fillsGap =
      (asked.has(slot) && isAnswer && !agrees(text)) ||
      (!isDay && NAMES_PLACE.test(text) && placesIn(text).length === 0);
    if (fillsGap) guesses.add(slot);
    return fillsGap;
  };
  const kept = Object.entries(patch).filter(([slot, value]) => isRead(slot as Slot, value));
  return { patch: Object.fromEntries(kept), guesses };
}

function combine(offline: Understood, { patch, guesses }: Supported, trip: Trip): Understood {
  const unsure = new Set(offline.unsure);
  const agreed: TripPatch = { ...patch };
  // No traveller is asked about these slots, so the grammar's reading of them counts.
  for (const slot of Object.keys(patch) as Slot[])
    if (!isEssential(slot) && slot in offline.patch) delete agreed[slot];
  for (const slot of ESSENTIAL) {
    const own = offline.patch[slot];
    const theirs = patch[slot];
    if (theirs === undefined || own === undefined) {
      // A repetition is no news. It changes nothing that a correction has just undone.
      if (theirs !== undefined && theirs === trip[slot]) delete agreed[slot];
      else if (theirs !== undefined && guesses.has(slot)) unsure.add(slot);
      continue;
    }
    if (isSame(slot, own, theirs)) unsure.delete(slot);
    else if (unsure.has(slot)) continue;
    else unsure.add(slot);
    delete agreed[slot];
  }
  return { ...offline, patch: { ...offline.patch, ...agreed }, unsure: [...unsure] };
}

const isEssential = (slot: Slot): boolean => (ESSENTIAL as readonly Slot[]).includes(slot);

function isSame(slot: Slot, own: unknown, theirs: unknown): boolean {
  if (slot !== "origin" && slot !== "destination") return own === theirs;
  return cityCode(own) === cityCode(theirs);
}

const cityCode = (value: unknown): unknown => cityOf(String(value))?.code ?? value;

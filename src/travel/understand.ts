import { dateRoles } from "./date-roles.ts";
import { addDays, daysBetween } from "./dates/calendar.ts";
import { datesIn } from "./dates/dates-in.ts";
import type { DayOrder } from "./dates/numeric-dates.ts";
import { placeRoles, unknownIn } from "./place-roles.ts";
import type { UnknownPlace } from "./place-roles.ts";
import { placesIn } from "./places.ts";
import type { Place, PlaceMention } from "./places.ts";
import { DECLINES, EXACTLY, agrees, askedIn, offeredIn } from "./reply-patterns.ts";
import type { EssentialSlot, Slot, Trip, TripPatch } from "./slots.ts";
import { goesThere, topicOf } from "./topic.ts";
import type { Topic } from "./topic.ts";
import {
  LONGER,
  SWAPS,
  cabinIn,
  daysOf,
  kindIn,
  lengthIn,
  passengersIn,
  preferencesIn,
  shiftIn,
} from "./wishes.ts";

/** What was said, and when. */
export interface Message {
  text: string;
  /** In ms since the epoch. */
  now: number;
  /** What the assistant said last, to which this may be the answer. */
  said: string | null;
  /** What is known already. */
  trip: Trip;
  /** What the conversation is about, and the last place that was named beside flights. */
  topic: Topic;
  /** How the user's country writes dates in digits. */
  dayOrder: DayOrder;
}

export interface Understood {
  patch: TripPatch;
  topic: Topic;
  /** What the patch says of these is likely rather than certain. */
  unsure: EssentialSlot[];
  /** Namesakes of the places in the patch, by slot: which one is meant may have to be asked. */
  namesakes: { origin?: Place[]; destination?: Place[] };
  /** Names that stand where places do, and are none that is known. */
  unknown: UnknownPlace[];
}

/** Nobody says more of a trip than fits in here, and the time that the grammar takes grows with it. */
export const READ_LENGTH = 2_000;

/** What one message says of a trip. Pure: the same of the same. */
export function understand(whole: Message): Understood {
  const text = whole.text.slice(0, READ_LENGTH);
  // What the assistant quotes is an example of what may be said, and proposes nothing.
  const said = whole.said?.slice(-READ_LENGTH).replaceAll(/"[^"]*"/g, '""') ?? null;
  const message = { ...whole, text, said };
  const { now, trip } = message;
  const places = placesIn(text);
  const second = secondWay(text, places);
  if (second) {
    const first = understand({ ...whole, text: text.slice(0, second.start) });
    return second.isBack ? withWayBack(first, text.slice(second.start), now) : first;
  }
  const dates = datesIn(text, now, message.dayOrder).filter(
    (date) => !places.some((place) => place.start < date.end && date.start < place.end),
  );
  const asked = said === null ? new Set<Slot>() : askedIn(said);
  const topic = topicOf(message, places, asked);
  if (topic.other) return { patch: {}, topic, unsure: [], namesakes: {}, unknown: [] };
  const patch: TripPatch = {};
  const unsure: EssentialSlot[] = [];
  const namesakes: Understood["namesakes"] = {};
  if (said !== null && !DECLINES.test(text))
    Object.assign(
      patch,
      offeredIn(said, { isAgreed: agrees(text), isExact: EXACTLY.test(text) }, now, trip),
    );
  const kind = kindIn(text);
  if (kind !== null) patch.kind = kind;
  for (const { slot, mention, isSure } of placeRoles(text, places, dates, asked, trip)) {
    patch[slot] = mention.place.code;
    if (!isSure) unsure.push(slot);
    namesakes[slot] = mention.others;
  }
  const comesFromOther = message.topic.other && trip.destination === null;
  const there = topic.place !== patch.origin ? topic.place : null;
  if (patch.destination === undefined && there !== null && (comesFromOther || goesThere(text))) {
    patch.destination = there;
    if (!goesThere(text)) unsure.push("destination");
  }
  for (const { slot, day, isSure } of dateRoles(text, dates, asked, { ...trip, ...patch })) {
    patch[slot] = day;
    if (!isSure) unsure.push(slot);
  }
  const shift = shiftIn(text);
  const { departure_date: out, return_date: back } = trip;
  if (shift !== null && out !== null) {
    const isBackOnly = /\b(?:return\w*|back|home|inbound)\b/i.test(text);
    if (!isBackOnly) patch.departure_date = addDays(out, shift);
    if (back !== null) patch.return_date = addDays(back, shift);
  }
  const longer = LONGER.exec(text);
  if (longer && back !== null) patch.return_date = addDays(back, daysOf(longer[1], longer[2]));
  if (SWAPS.test(text))
    Object.assign(patch, { origin: trip.destination, destination: trip.origin });
  const nights = (shift === null || out === null) && !longer ? lengthIn(text) : null;
  const leaves = patch.departure_date ?? trip.departure_date;
  if (nights !== null && leaves !== null) patch.return_date = addDays(leaves, nights);
  if (patch.return_date && patch.kind === undefined) patch.kind = "round_trip";
  if (patch.kind === "one_way") patch.return_date = null;
  Object.assign(patch, {
    ...passengersIn(text, asked, dates),
    ...cabinIn(text),
    ...preferencesIn(text),
  });
  const unknown = unknownIn(text, [...places, ...dates]).filter(({ slot }) => !patch[slot]);
  return { patch, topic, unsure, namesakes, unknown };
}

/** Where the second of several ways begins: "A to B on Monday, B to C on Friday". One trip is searched at a time. */
function secondWay(
  text: string,
  places: readonly PlaceMention[],
): { start: number; isBack: boolean } | null {
  const ways = places.flatMap((from, index) => {
    const to = places[index + 1];
    const isWay = to && /^\s*(?:to|-|–|→)\s*$/i.test(text.slice(from.end, to.start));
    return isWay ? [{ from, to }] : [];
  });
  const [first, second, third] = ways;
  if (!first || !second) return null;
  const isMirrored =
    first.from.place.code === second.to.place.code &&
    first.to.place.code === second.from.place.code;
  return { start: second.from.start, isBack: isMirrored && !third };
}

/** "A to B on Monday, B to A on Friday": a round trip. */
function withWayBack(first: Understood, rest: string, now: number): Understood {
  const leaves = first.patch.departure_date;
  const [back] = datesIn(rest, leaves ? Date.parse(leaves) : now);
  return {
    ...first,
    patch: { ...first.patch, kind: "round_trip", ...(back && { return_date: back.day }) },
  };
}

/** The trip with what was said of it, but for a return before the departure. */
export function merge(trip: Trip, patch: TripPatch): Trip {
  const merged = { ...trip, ...patch };
  const { departure_date: out, return_date: back } = merged;
  return out !== null && back !== null && daysBetween(out, back) < 0
    ? { ...merged, return_date: null }
    : merged;
}

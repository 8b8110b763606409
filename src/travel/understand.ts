import { daysBetween } from "./dates/calendar.ts";
import { datesIn } from "./dates/dates-in.ts";
import type { Message, Understood } from "./message.ts";
import { withoutQuestions } from "./offer-questions.ts";
import { placesIn } from "./places.ts";
import type { PlaceMention } from "./places.ts";
import { readTrip } from "./read-trip.ts";
import { askedIn } from "./reply-patterns.ts";
import type { Slot, Trip, TripPatch } from "./slots.ts";
import { topicOf } from "./topic.ts";
import { passengersIn } from "./wishes.ts";

/** How much of a message is read: a trip takes less, and the grammar's time grows with the length. */
export const READ_LENGTH = 2_000;

/** Reads what one message says of a trip. Pure. */
export function understand(whole: Message): Understood {
  const text = whole.text.slice(0, READ_LENGTH);
  // A quotation of the assistant is an example of what may be said. It proposes nothing.
  const said = whole.said?.slice(-READ_LENGTH).replaceAll(/"[^"]*"/g, '""') ?? null;
  const { now } = whole;
  const named = placesIn(text);
  const second = secondWay(text, named);
  if (second) {
    const first = understand({ ...whole, text: text.slice(0, second.start) });
    return second.isBack ? withWayBack(first, text.slice(second.start), now) : first;
  }
  const days = datesIn(text, now, whole.dayOrder).filter(
    (date) => !named.some((place) => place.start < date.end && date.start < place.end),
  );
  const asked = said === null ? new Set<Slot>() : askedIn(said);
  const { passengers = null } = passengersIn(text, asked, days);
  const heard = { ...whole, text, places: named, dates: days, asked, passengers };
  const { topic, text: ofFlights } = topicOf(heard);
  if (ofFlights === "") return { ...NOTHING, patch: whole.topic.flights ? {} : EARLY, topic };
  const own = withoutQuestions(ofFlights, named);
  const isOwn = ({ start, end }: { start: number; end: number }) =>
    own.slice(start, end) === text.slice(start, end);
  const before = { ...whole, text: own, said };
  return {
    ...readTrip(before, { topic, asked, places: named.filter(isOwn), dates: days.filter(isOwn) }),
    topic,
  };
}

const NOTHING = { patch: {}, unsure: [], namesakes: {}, unknown: [] };
/** Takes back what was read before the talk turned out to be of something else. */
const EARLY: TripPatch = {
  origin: null,
  destination: null,
  departure_date: null,
  return_date: null,
  passengers: null,
};

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

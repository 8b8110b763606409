import { addDays } from "./dates/calendar.ts";
import type { DateMention } from "./dates/dates-in.ts";
import { dateRoles } from "./date-roles.ts";
import type { Message, Understood } from "./message.ts";
import { otherNamesake } from "./namesakes.ts";
import { placeRoles, unknownIn } from "./place-roles.ts";
import type { PlaceMention } from "./places.ts";
import { DECLINES, EXACTLY, agrees, offeredIn } from "./reply-patterns.ts";
import type { EssentialSlot, Slot, TripPatch } from "./slots.ts";
import { goesThere, saysThatDay } from "./topic.ts";
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

/** The parts of a message that are already read. */
interface Read {
  topic: Topic;
  asked: ReadonlySet<Slot>;
  places: readonly PlaceMention[];
  dates: readonly DateMention[];
}

/** Reads what a message about flights says of the trip. */
export function readTrip(
  message: Message,
  { topic, asked, places: named, dates }: Read,
): Omit<Understood, "topic"> {
  const { text, said, now, trip } = message;
  const { patch: other, places } = otherNamesake(text, named, trip);
  const patch: TripPatch = { ...other };
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
  const beganWithOther = message.topic.other && !message.topic.flights;
  const there = topic.place !== patch.origin ? topic.place : null;
  const isThere = goesThere(text);
  if (patch.destination === undefined && there !== null) {
    const isOpen = beganWithOther && trip.destination === null;
    if (isThere || isOpen) patch.destination = there;
    if (!isThere && isOpen) unsure.push("destination");
  }
  if (beganWithOther && topic.passengers !== null) patch.passengers = topic.passengers;
  for (const { slot, day, isSure } of dateRoles(text, dates, asked, { ...trip, ...patch })) {
    patch[slot] = day;
    if (!isSure) unsure.push(slot);
  }
  if (patch.departure_date === undefined && topic.day !== null && saysThatDay(text))
    patch.departure_date = topic.day;
  Object.assign(patch, movedDays(text, message, patch));
  if (SWAPS.test(text))
    Object.assign(patch, { origin: trip.destination, destination: trip.origin });
  if (patch.return_date && patch.kind === undefined) patch.kind = "round_trip";
  if (patch.kind === "one_way") patch.return_date = null;
  Object.assign(patch, {
    ...passengersIn(text, asked, dates),
    ...cabinIn(text),
    ...preferencesIn(text),
  });
  const unknown = unknownIn(text, [...places, ...dates]).filter(({ slot }) => !patch[slot]);
  return { patch, unsure, namesakes, unknown };
}

/** "A day later", "2 days longer", "for a week": days that count from others. */
function movedDays(text: string, { trip }: Message, patch: TripPatch): TripPatch {
  const moved: TripPatch = {};
  const shift = shiftIn(text);
  const { departure_date: out, return_date: back } = trip;
  const leaves = patch.departure_date ?? out;
  const isReturn = /\b(?:return\w*|back|home|inbound)\b/i.test(text);
  if (shift !== null && leaves !== null) {
    const counts = patch.departure_date ? "return" : isReturn ? "back" : "both";
    if (counts === "both") moved.departure_date = addDays(leaves, shift);
    if (counts === "return" && shift > 0) moved.return_date = addDays(leaves, shift);
    else if (back !== null) moved.return_date = addDays(back, shift);
    else if (counts === "back" && shift > 0) moved.return_date = addDays(leaves, shift);
  }
  const longer = LONGER.exec(text);
  if (longer && back !== null) moved.return_date = addDays(back, daysOf(longer[1], longer[2]));
  const nights = shift === null && !longer ? lengthIn(text) : null;
  if (nights !== null && leaves !== null) moved.return_date = addDays(leaves, nights);
  return moved;
}

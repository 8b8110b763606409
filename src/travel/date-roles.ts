import { beforeOf, lastCue } from "./cues.ts";
import type { Cue } from "./cues.ts";
import { dayAfter } from "./dates/dates-in.ts";
import type { DateMention } from "./dates/dates-in.ts";
import type { Slot, Trip } from "./slots.ts";

export type DateSlot = "departure_date" | "return_date";

/** British words for a round trip. They say nothing of the day of return. */
const RETURN_TICKET =
  /\b(?:an?|some|any|two|\d|book|buy|find|need|get)(?: me)? return (?:flights?|tickets?|trips?)\b/gi;

type DateRole = DateSlot | "none";

const DATE_CUES: Cue<DateRole>[] = [
  {
    role: "return_date",
    pattern:
      /\b(?:return(?:ing)? (?:\w+ ){0,5}?(?:leav(?:es?|ing)|depart(?:s|ing|ure)?|takes off)(?: on| at)?|return(?:ing|s|ed)?(?: (?:date|flight|trip|ticket|journey|back|home|on|by|is|will be|would be|it|leaving))*|com(?:e|ing|es) (?:back|home)|com(?:e|ing) ?back|(?:get|getting|fly|flying|be|being|head|heading|go|going|travel|traveling|travelling|arrive|arriving) (?:back|home)|back|until|till|through|inbound|extend(?: it| the trip)?(?: to)?|stay(?:ing)?)\b/gi,
  },
  {
    role: "departure_date",
    pattern:
      /\b(?:leav(?:e|es|ing)(?: until)?|depart(?:s|ing|ure)?(?: (?:date|flight|on|is|will be|would be))*|fly(?:ing)?(?: out)?|go(?:ing)?|head(?:ed|ing)?|travel(?:l?ing)?|start(?:s|ing)?|outbound|set off|take off|trip|flights?|ticket|visit(?:ing)?|there)\b/gi,
  },
  {
    role: "none",
    pattern: /\b(?:not|born|since|before|meeting|event is|concert is|arriv(?:e|ing))\b(?! on)/gi,
  },
];

const AFTER_RETURN =
  /^\W{0,3}(?:is|will be|would be|as|for)(?: (?:when|the|my|our|a|i'?ll|i'?m|i|we|we'?ll|be|will|am|are|to|want|would|like|date|day|for))* (?:return\w*|(?:com(?:e|ing)|get(?:ting)?|be(?:ing)?|go(?:ing)?) (?:back|home))\b|^ (?:to )?(?:return|come back|get back)\b/i;
const AFTER_DEPARTURE =
  /^\W{0,3}(?:is|will be|would be|as|for)(?: (?:when|the|my|our|a|i'?ll|i'?m|i|we|we'?ll|be|will|am|are|to|want|would|like|date|day|for))* (?:depart\w*|leav\w*|outbound|going)\b|^ (?:departure|to (?:leave|depart))\b/i;

/** A day, and whether it is that of the way out or back. */
export interface DateFound {
  slot: DateSlot;
  day: string;
  isSure: boolean;
  /** A word beside it says which day it is. */
  isCued: boolean;
}

/** Which of the days in a text are those of the way out and back. */
export function dateRoles(
  text: string,
  dates: readonly DateMention[],
  asked: ReadonlySet<Slot>,
  trip: Trip,
): DateFound[] {
  const found: (DateFound & { mention: DateMention })[] = [];
  const filled = (slot: DateSlot) => found.some((each) => each.slot === slot);
  for (const [index, mention] of dates.entries()) {
    const wordsBefore = beforeOf(text, mention.start, dates.slice(0, index));
    const before =
      trip.departure_date === null ? wordsBefore.replaceAll(RETURN_TICKET, " ticket") : wordsBefore;
    const rest = text.slice(mention.end, dates[index + 1]?.start);
    const cued = dateRoleAfter(rest) ?? lastCue(before, DATE_CUES)?.role ?? null;
    if (cued === "none" || (cued === null && CLOSES.test(text))) continue;
    const slot = cued ?? bareDate(asked, trip, filled);
    const { day, until, isVague } = mention;
    const how = { isSure: !isVague, isCued: cued !== null, mention };
    found.push({ slot, day, ...how });
    if (until !== null && slot === "departure_date")
      found.push({ slot: "return_date", day: until, ...how });
  }
  const leaves = found.find(({ slot }) => slot === "departure_date")?.day ?? trip.departure_date;
  // "Back on Sunday" is the Sunday after the departure.
  return found.map(({ mention, ...each }) =>
    each.slot === "return_date" && leaves !== null
      ? { ...each, day: dayAfter(text, { ...mention, day: each.day }, leaves) }
      : each,
  );
}

const CLOSES =
  /\b(?:thanks?|thank you|that'?s (?:all|it)|that (?:is|will be|would be) (?:all|it)|nothing else|no more)\b/i;

const dateRoleAfter = (rest: string): DateSlot | null => {
  if (AFTER_RETURN.test(rest)) return "return_date";
  return AFTER_DEPARTURE.test(rest) ? "departure_date" : null;
};

/** A day without a word beside it answers what was asked. */
function bareDate(
  asked: ReadonlySet<Slot>,
  trip: Trip,
  filled: (slot: DateSlot) => boolean,
): DateSlot {
  if (filled("departure_date")) return "return_date";
  const wantsBoth = asked.has("departure_date") && asked.has("return_date");
  if (asked.has("return_date") && !wantsBoth) return "return_date";
  if (asked.has("departure_date") && !wantsBoth) return "departure_date";
  if (wantsBoth) return trip.departure_date === null ? "departure_date" : "return_date";
  const isBack =
    trip.departure_date !== null && trip.kind === "round_trip" && trip.return_date === null;
  return isBack ? "return_date" : "departure_date";
}

import { addDays, datesIn, daysBetween } from "./dates.ts";
import type { DateMention } from "./dates.ts";
import { countryIn, isShouted, placesIn } from "./places.ts";
import type { Place, PlaceMention } from "./places.ts";
import type { Cabin, EssentialSlot, Slot, Trip, TripPatch } from "./slots.ts";

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
}

export interface Topic {
  /** Something else than a flight: a hotel, an event, the weather. */
  other: boolean;
  /** The IATA code of where that is. */
  place: string | null;
}

export interface Understood {
  patch: TripPatch;
  topic: Topic;
  /** What the patch says of these is likely rather than certain. */
  unsure: EssentialSlot[];
  /** Namesakes of the places in the patch, by slot: which one is meant may have to be asked. */
  namesakes: { origin?: Place[]; destination?: Place[] };
  /** Names that stand where places do, and are none that is known. */
  unknown: { slot: PlaceSlot; name: string }[];
}

export const FLIGHTS: Topic = { other: false, place: null };

type PlaceSlot = "origin" | "destination";
type DateSlot = "departure_date" | "return_date";

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
  const next = secondTrip(text, places);
  if (next !== null) return understand({ ...whole, text: text.slice(0, next) });
  const dates = datesIn(text, now).filter(
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
function secondTrip(text: string, places: readonly PlaceMention[]): number | null {
  const ways = places.flatMap((from, index) => {
    const to = places[index + 1];
    return to && /^\s*(?:to|-|–|→)\s*$/i.test(text.slice(from.end, to.start)) ? [from.start] : [];
  });
  return ways[1] ?? null;
}

export const FLIGHT_WORDS =
  /\b(flights?|fly|flying|flew|planes?|airlines?|airways|airports?|air ?fare|one[- ]?way|round[- ]?trip|return trip|depart\w*|layovers?|non[- ]?stop|economy|business class|first class|there and back|leav(?:e|ing) (?:from|on|for))\b/i;
const TRAVEL_WORDS =
  /\b(flights?|fly\w*|airlines?|leav\w+|depart\w*|return\w*|com(?:e|ing) back|back|head(?:ed|ing)|destination|airport|one[- ]?way|round[- ]?trip)\b/i;
const OTHER_WORDS =
  /\b(weather|forecast|temperature|humid\w*|rain\w*|wind|hotels?|hostel|motel|room|rooms|check[- ]?in|check[- ]?out|place to stay|stay (?:at|in)|rent(?:al|ing)? (?:a )?(?:car|cars|house|home)|cars?|house|apartment|event|events|concerts?|shows|(?:the|a|this|that) show|theat(?:er|re)s?|plays?|games?|match|baseball|basketball|football|soccer|sports?|music|bands?|singer|movies?|film|restaurants?|museums?|attractions?|sight ?seeing|tourist|things to do|interesting|parks?|bus|train|appointment|doctor|dentist)\b/i;

/** What a message is about, which may be other things than flights: then it says nothing of the trip. */
function topicOf(
  { text, topic, said }: Message,
  places: readonly PlaceMention[],
  asked: ReadonlySet<Slot>,
): Topic {
  const isFlight = FLIGHT_WORDS.test(text);
  const isOtherNow = !isFlight && OTHER_WORDS.test(text);
  const answers =
    !isOtherNow &&
    said !== null &&
    asked.size > 0 &&
    TRAVEL_WORDS.test(said) &&
    !OTHER_WORDS.test(said);
  const saidOther = said !== null && OTHER_WORDS.test(said) && !TRAVEL_WORDS.test(said);
  const isOther = isFlight || answers ? false : isOtherNow || saidOther || topic.other;
  const real = places.filter(
    ({ end }) => !/^ (?!(?:on|in|for)\b)\p{Lu}\p{Ll}/u.test(text.slice(end)),
  );
  const named =
    real.findLast(({ start }) =>
      /\b(?:in|at|for|to|near|around)\s+$/i.test(text.slice(0, start)),
    ) ?? real.at(-1);
  return {
    other: isOther,
    place: isOther
      ? (named?.place.code ?? topic.place ?? placesIn(said ?? "").at(-1)?.place.code ?? null)
      : topic.place,
  };
}

const goesThere = (text: string): boolean =>
  /\b(there|to that (?:city|place|location|event|area)|(?:to|reach) the (?:place|venue|location|event|city|show|game|concert|same (?:city|place)))\b/i.test(
    text,
  ) && FLIGHT_WORDS.test(text);

const AGREES =
  /^\W*(yes|yeah|yep|yup|ya|sure|ok|okay|correct|right|exactly|absolutely|perfect|great|good|fine|alright|all right|of course|that'?s (?:right|correct|(?:a )?good|great|fine|perfect|it|what|when)|that (?:is|sounds|works|looks|seems|would|will|suits|date|day)|sounds|looks|works|it'?s (?:right|correct|good|fine)|it (?:is|sounds|looks|works)|confirm\w*|please (?:do|go|book|confirm)|go ahead|that one|i'?(?:ll take|d like) (?:it|that)|book (?:it|that)|awesome|cool|wonderful|excellent|i (?:like|agree|confirm))\b/i;
const DECLINES = /\b(no|nope|nah|not|n't|instead|rather|except|change|changed|actually|wrong)\b/i;
/** "That's correct": of all that was said, and not of the last question alone. */
const EXACTLY =
  /^\W*(?:yes|yeah|yep)?\W*(?:that'?s|that is|it is|it'?s|this is|all|everything is)? ?(?:correct|right)\b/i;
const agrees = (text: string): boolean => AGREES.test(text) && !/\bbut\b/i.test(text);

/**
 * What the assistant proposed: all that it wants confirmed, for somebody who agrees; else what nothing was known of, and
 * what nobody objected to.
 */
function offeredIn(
  said: string,
  { isAgreed, isExact }: { isAgreed: boolean; isExact: boolean },
  now: number,
  trip: Trip,
): TripPatch {
  const patch: TripPatch = {};
  const isConfirming =
    isExact || (isAgreed && /\bconfirm|\b(?:correct|right)\?|\bdetails\b/i.test(said));
  const asks = isConfirming
    ? said
    : said
        .split(/(?<=[.!?])\s+/)
        .filter(isQuestion)
        .join(" ");
  const dates = datesIn(asks, now);
  const places = placesIn(asks).filter(
    ({ end }) => !/^\S* (?:international|airport)/i.test(asks.slice(end)),
  );
  for (const { slot, mention, isSure } of placeRoles(asks, places, dates, new Set(), trip))
    if (isSure && (isConfirming || (isAgreed && trip[slot] === null)))
      patch[slot] = mention.place.code;
  for (const { slot, day, isCued } of dateRoles(asks, dates, new Set(), trip))
    if (isConfirming || ((isCued || isAgreed) && trip[slot] === null)) patch[slot] = day;
  return patch;
}

const SENTENCE = /(?<![ .](?:st|mt|dr|mr|ms|no|u\.s|d\.c|l\.a))[.!?;\n]+(?=\s|$)/i;

const isQuestion = (sentence: string): boolean =>
  /\?|^(?:and |so |ok\w*,? |alright,? )?(?:when|where|what|which|how|will|do|are|is)\b|\b(please|tell me|let me know|need to know|provide|may i know|confirm)\b/i.test(
    sentence,
  );

/** What the assistant asked for. */
export function askedIn(said: string): Set<Slot> {
  const asked = new Set<Slot>();
  const add = (slot: Slot, pattern: RegExp, clause: string) => {
    if (pattern.test(clause)) asked.add(slot);
  };
  for (const sentence of said.split(/(?<=[.!?])\s+/)) {
    if (!isQuestion(sentence)) continue;
    const flat = sentence.toLowerCase();
    const wantsDate = /\b(when|what (?:date|day|time)|which (?:date|day)|dates?|day)\b/;
    const wantsPlace =
      /\b(where|what (?:city|place|airport)|which (?:city|place|airport)|city|cities|airport|destination|origin)\b/;
    if (wantsPlace.test(flat)) {
      add(
        "origin",
        /\b(from|leav\w*|depart\w*|origin|start\w*|coming from|out of|take ?off|boarding|begin\w*|currently|departure)\b/,
        flat,
      );
      add(
        "destination",
        /\b(to|go|going|destination|visit\w*|travel(?:l?ing)? to|arriv\w*|head\w*|fly(?:ing)? (?:to|into)|want to travel|land\w*|reach|where (?:are|will|do|would) you (?:like |want |plan |be )*(?:to )?(?:travel|fly)\w*)\b(?!.{0,20}\bfrom\b)/,
        flat.replaceAll(
          /\b(?:like|want|wish|plan\w*|need|going|prefer|intend\w*|looking) to (?:leave|depart|start|fly from|travel from|fly out|go from|take off|begin|come)\b|\bleave to\b/g,
          "leave",
        ),
      );
    }
    if (wantsDate.test(flat)) {
      add(
        "return_date",
        /\b(return\w*|com(?:e|ing) back|get(?:ting)? back|be(?:ing)? back|back|inbound)\b/,
        flat,
      );
      const rest = flat.replaceAll(
        /\b(return\w*|com(?:e|ing) back|get(?:ting)? back)\b( (?:date|flight|trip|ticket))?/g,
        "",
      );
      const isReturnOnly =
        asked.has("return_date") &&
        !/\b(leav\w*|depart\w*|go\b|going|travel\w*|fly\w*|journey|start\w*|outbound)\b/.test(rest);
      if (!isReturnOnly) asked.add("departure_date");
    }
    add(
      "passengers",
      /\bhow many\b|\bnumber of (?:people|passengers|tickets|seats)\b|\bpassengers?\b/,
      flat,
    );
  }
  return asked;
}

interface Cue<T> {
  pattern: RegExp;
  role: T;
}

/** The cue that ends last in a text, and the longest of those. */
function lastCue<T>(text: string, cues: readonly Cue<T>[]): { role: T; end: number } | null {
  let best: { role: T; start: number; end: number } | null = null;
  for (const { pattern, role } of cues) {
    for (const match of text.matchAll(pattern)) {
      const found = { role, start: match.index, end: match.index + match[0].length };
      const isBetter =
        !best || found.end > best.end || (found.end === best.end && found.start < best.start);
      if (isBetter) best = found;
    }
  }
  return best;
}

/** `home`: where somebody returns to; `away`: from where. `weak`: a word that goes before either. */
type PlaceRole = PlaceSlot | "home" | "away" | "weak" | "none";

const PLACE_CUES: Cue<PlaceRole>[] = [
  {
    role: "origin",
    pattern:
      /\b(?:from|out of|leav(?:e|es|ing)|depart(?:s|ing|ure)?(?: (?:city|airport|point|place|location))?(?: (?:is|will be|would be|as|to))?|origin(?:ating)?(?: (?:city|airport))?(?: (?:is|will be|would be|as|to|in))?|start(?:s|ing)?(?: (?:in|at|point(?: is)?))?|based in|live in|living in|i'?m (?:currently )?in|i am (?:currently )?in|we are in|home is)\b/gi,
  },
  {
    role: "destination",
    pattern:
      /\b(?:to|into|onto|visit(?:ing)?|explore|destination(?: (?:city|airport|place|location))?(?: (?:is|will be|would be|as|to|from|should be))?|arriv(?:e|es|ing|al)(?: (?:in|at|city|to))?|land(?:ing|s)?(?: (?:in|at))?|reach(?:ing)?|toward|towards|bound for|head(?:ed|ing)?(?: (?:for|over to|out to|to|towards?))?|trip in|(?:leav(?:e|ing)|depart(?:ing)?|headed) for|get to|vacation in|going)\b/gi,
  },
  {
    role: "home",
    pattern:
      /\b(?:return(?:ing|s)?|com(?:e|ing)|get(?:ting)?|fly(?:ing)?|head(?:ing)?|go(?:ing)?|be|travel(?:l?ing)?) ?(?:back |home |flight |trip )*(?:back |home )(?:to|in|into)\b|\breturn(?:ing|s)? (?:back )?(?:to|in|into)\b|\bback (?:to|in)\b/gi,
  },
  {
    role: "away",
    pattern:
      /\b(?:return(?:ing)?(?: (?:flight|trip|ticket|leg)\b[^.?!]*| is)?|com(?:e|ing) (?:back|home)|(?:fly|get|head)(?:ing)? (?:back|home)|back) (?:home )?from\b/gi,
  },
  {
    role: "origin",
    pattern:
      /\b(?:from|out of|leav(?:e|ing)) [^.,?!]{0,30}\b(?:airport|city|town|area) (?:in|of|near|at)\b/gi,
  },
  { role: "weak", pattern: /\b(?:for|in|at|around|see)(?=\s*$)/gi },
  {
    role: "none",
    pattern: /\b(?:not|instead of|rather than|near|via|through|layover in|stop in|with)(?=\s*$)/gi,
  },
];

const AFTER_ORIGIN =
  /^\W{0,3}(?:is|will be|would be|as|being)\b[^.?!]{0,40}\b(?:origin|depart\w*|from|leav\w*|start\w*|out of)\b/i;
const AFTER_DESTINATION =
  /^\W{0,3}(?:is|will be|would be|as|being)\b[^.?!]{0,40}\b(?:destination|visit\w*|going|go to|travel\w*|headed|heading|arriv\w*|to)\b/i;

interface PlaceFound {
  slot: PlaceSlot;
  mention: PlaceMention;
  isSure: boolean;
}

function placeRoles(
  text: string,
  places: readonly PlaceMention[],
  dates: readonly DateMention[],
  asked: ReadonlySet<Slot>,
  trip: Trip,
): PlaceFound[] {
  const found: PlaceFound[] = [];
  const open: PlaceMention[] = [];
  const filled = (slot: PlaceSlot) => found.some((each) => each.slot === slot);
  for (const [index, mention] of places.entries()) {
    const before = beforeOf(text, mention.start, places.slice(0, index), dates);
    const rest = text.slice(mention.end, places[index + 1]?.start);
    const role = roleAfter(rest) ?? lastCue(before, PLACE_CUES)?.role ?? null;
    if (role === "none") continue;
    if (role === "home") {
      if (trip.origin === null && !filled("origin") && places.length === 1)
        found.push({ slot: "origin", mention, isSure: false });
      continue;
    }
    if (role === "away") {
      if (mention.place.code === trip.destination) continue;
      const isThere = trip.destination === null && places.length === 1;
      found.push({ slot: isThere ? "destination" : "origin", mention, isSure: false });
      continue;
    }
    const follows = places[index + 1];
    const leadsTo =
      follows === undefined
        ? /^\s*to\s+\p{L}/iu.test(rest)
        : /^\s*(?:to|-+>?|–|→|>)\s*$/i.test(text.slice(mention.end, follows.start));
    if ((role === null || role === "weak") && leadsTo)
      found.push({ slot: "origin", mention, isSure: true });
    else if (role === null || role === "weak") open.push(mention);
    else found.push({ slot: role, mention, isSure: true });
  }
  // Two names and no word beside them: the way people write a route.
  const isRoute = open.length > 1 && !filled("origin") && !filled("destination");
  for (const [index, mention] of open.entries()) {
    if (isRoute && index < 2) {
      const slot = index === 0 ? "origin" : "destination";
      found.push({ slot, mention, isSure: true });
      continue;
    }
    const wanted = (["origin", "destination"] as const).filter((slot) => !filled(slot));
    const askedFor = wanted.filter((slot) => asked.has(slot));
    const missing = wanted.filter((slot) => trip[slot] === null);
    const slot =
      askedFor.find((each) => trip[each] === null) ??
      (missing.length === 1 ? missing[0] : undefined) ??
      askedFor[0] ??
      (wanted.includes("destination") ? "destination" : wanted[0]);
    if (slot) found.push({ slot, mention, isSure: askedFor.length === 1 || missing.length === 1 });
  }
  return found;
}

const NAMED = /\b(from|to) (\p{Lu}[\p{L}'’-]{2,}(?: \p{Lu}[\p{L}'’-]+)?)/gu;
const NO_NAMES =
  /^(?:the|my|our|your|this|that|next|and|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december|easter|christmas|economy|business|first|premium)\b/i;

function unknownIn(
  text: string,
  known: readonly { start: number; end: number }[],
): Understood["unknown"] {
  if (isShouted(text)) return [];
  return [...text.matchAll(NAMED)].flatMap((match) => {
    const [whole, cue = "", name = ""] = match;
    const start = match.index + whole.length - name.length;
    const isKnown = known.some((each) => each.start < start + name.length && start < each.end);
    if (isKnown || NO_NAMES.test(name) || countryIn(name)) return [];
    return [{ slot: cue === "from" ? ("origin" as const) : ("destination" as const), name }];
  });
}

const roleAfter = (rest: string): PlaceSlot | null => {
  if (AFTER_ORIGIN.test(rest)) return "origin";
  return AFTER_DESTINATION.test(rest) ? "destination" : null;
};

/** What stands before a mention, back to the one before it or to the beginning of the sentence. */
function beforeOf(
  text: string,
  start: number,
  ...others: (readonly { end: number; start: number }[])[]
): string {
  const from = Math.max(0, ...others.flat().map(({ end }) => (end <= start ? end : 0)));
  return text.slice(from, start).split(SENTENCE).at(-1) ?? "";
}

/** What the British call a round trip: no word on when somebody returns. */
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

interface DateFound {
  slot: DateSlot;
  day: string;
  isSure: boolean;
  /** A word beside it says which day it is. */
  isCued: boolean;
}

function dateRoles(
  text: string,
  dates: readonly DateMention[],
  asked: ReadonlySet<Slot>,
  trip: Trip,
): DateFound[] {
  const found: DateFound[] = [];
  const filled = (slot: DateSlot) => found.some((each) => each.slot === slot);
  for (const [index, mention] of dates.entries()) {
    const behind = beforeOf(text, mention.start, dates.slice(0, index));
    const before =
      trip.departure_date === null ? behind.replaceAll(RETURN_TICKET, " ticket") : behind;
    const rest = text.slice(mention.end, dates[index + 1]?.start);
    const cued = dateRoleAfter(rest) ?? lastCue(before, DATE_CUES)?.role ?? null;
    if (cued === "none" || (cued === null && CLOSES.test(text))) continue;
    const joins = index > 0 && /^\W*(?:to|until|till|through|-|–|and)\W*(?:on )?$/i.test(before);
    const slot =
      cued ?? (joins && filled("departure_date") ? "return_date" : bareDate(asked, trip, filled));
    const { day, until, isVague } = mention;
    const how = { isSure: !isVague, isCued: cued !== null };
    const leaves = found.find((each) => each.slot === "departure_date")?.day ?? trip.departure_date;
    found.push({
      slot,
      day: slot === "return_date" ? afterDeparture(text, mention, leaves) : day,
      ...how,
    });
    if (until !== null && slot === "departure_date")
      found.push({ slot: "return_date", day: until, ...how });
  }
  return found;
}

/** "Back on Sunday": the one after the departure. */
function afterDeparture(
  text: string,
  { start, end, day }: DateMention,
  leaves: string | null,
): string {
  if (leaves === null || day >= leaves) return day;
  const [later] = datesIn(text.slice(start, end), Date.parse(leaves));
  return later && later.day >= leaves ? later.day : day;
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

const COUNTS: Record<string, number> = {
  one: 1,
  single: 1,
  a: 1,
  an: 1,
  two: 2,
  couple: 2,
  both: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
};
const COUNT = `(\\d{1,2}|${Object.keys(COUNTS).slice(3).join("|")}|one|single)`;
const countOf = (text: string): number => COUNTS[text.toLowerCase()] ?? Number(text);

const AMOUNT = `(\\d{1,2}|${Object.keys(COUNTS).join("|")})`;
const STAYS = new RegExp(
  `\\b(?:(?:for|make it|stay(?:ing)?) (?:about |around )?(?:a |the )?(?:another )?${AMOUNT}?(?: of)? ?(day|night|week)s?|after ${AMOUNT} (day|night|week)s?|${AMOUNT} (day|night|week)s? (?:later|after that))\\b`,
  "i",
);
const LONGER = new RegExp(
  `\\b${AMOUNT} (day|night|week)s? (?:longer|more)\\b|\\b(?:extend|stay) (?:it |the trip )?(?:by|for) ${AMOUNT}`,
  "i",
);
const SWAPS =
  /\b(?:swap|switch|revers\w*|the other way (?:a?round|about)|opposite direction|vice versa)\b/i;
const SHIFTS = new RegExp(`\\b${AMOUNT} (day|week)s? (later|after|earlier|sooner|before)\\b`, "i");

/** How long somebody stays, in days. */
function lengthIn(text: string): number | null {
  const match = STAYS.exec(text);
  if (!match) return null;
  const count = match[1] ?? match[3] ?? match[5];
  return daysOf(count, match[2] ?? match[4] ?? match[6]);
}

/** "Two days later": from what was said before, where that is all that is said of days. */
function shiftIn(text: string): number | null {
  const match = SHIFTS.exec(text);
  if (!match) return null;
  const days = daysOf(match[1], match[2]);
  return /later|after/i.test(match[3] ?? "") ? days : -days;
}

const daysOf = (count: string | undefined, unit: string | undefined): number =>
  (count === undefined ? 1 : countOf(count)) * (unit?.toLowerCase() === "week" ? 7 : 1);

function kindIn(text: string): Trip["kind"] {
  if (
    /\b(one[- ]?way|single (?:ticket|trip|journey)|no return|not returning|(?:cancel|remove|drop|forget|without) (?:the|my) return|without (?:a )?return)\b/i.test(
      text,
    )
  )
    return "one_way";
  return /\b(round[- ]?trips?|two[- ]?way|return (?:trip|ticket|flight)s?|roundtrip|both ways|there and back)\b/i.test(
    text,
  )
    ? "round_trip"
    : null;
}

function passengersIn(
  text: string,
  asked: ReadonlySet<Slot>,
  dates: readonly DateMention[],
): TripPatch {
  const clear = dates.reduce(
    (left, { start, end }) => left.slice(0, start) + " ".repeat(end - start) + left.slice(end),
    text,
  );
  const kinds = [...clear.matchAll(KINDS)].map(([, count = ""]) => countOf(count));
  const family = PARTNER.test(clear) ? 2 : /\b(?:me|myself)\b/i.test(clear) ? 1 : 0;
  const all = kinds.reduce((sum, count) => sum + count, 0);
  const isAdults = /\badults?\b/i.test(clear);
  if (kinds.length > 1 || (kinds.length > 0 && family > 0))
    return passengers(all + (isAdults ? 0 : family));
  const people =
    "(?:people|persons?|passengers?|adults?|travell?ers?|tickets?|seats?|of us|pax|ppl|guests?|friends)";
  const counted =
    new RegExp(
      `\\b${COUNT}(?: (?:other|more|economy|business|first class|premium economy|round ?trip|one[- ]?way|plane|flight|airline|adult))* ${people}\\b`,
      "i",
    ).exec(clear) ??
    new RegExp(`\\b(?:party|group|family) of ${COUNT}\\b`, "i").exec(clear) ??
    new RegExp(
      `\\b(?:for|we are|we're|there (?:are|will be)|book) (?:the )?${COUNT}(?: of us)?(?=\\s*(?:[.,!?]|$|and|in|on|with|please))`,
      "i",
    ).exec(clear);
  if (counted?.[1]) {
    const others =
      /\b(other|more|friends)\b/i.test(counted[0]) && /\b(me|i|my)\b/i.test(text) ? 1 : 0;
    return passengers(countOf(counted[1]) + others);
  }
  if (/\b(just me|only me|by myself|myself|alone|solo|on my own|just one|only one)\b/i.test(clear))
    return passengers(1);
  if (FAMILY.test(clear)) return passengers(2);
  const bare = asked.has("passengers")
    ? new RegExp(`^\\W*(?:just |only |it'?s |for )?${COUNT}\\b`, "i").exec(clear)
    : null;
  return bare?.[1] ? passengers(countOf(bare[1])) : {};
}

const PARTNER = /\bmy (?:wife|husband|girlfriend|boyfriend|partner)\b/i;
/** Whoever writes, and one more. */
const FAMILY =
  /\b((?:me,? )?my (?:wife|husband|girlfriend|boyfriend|partner|friend|mom|mum|mother|dad|father|son|daughter|brother|sister|boss|colleague) and (?:i|me|myself)|me and my (?!friends|family|kids|parents)\w+|(?:with|and) my (?:wife|husband|girlfriend|boyfriend|partner|friend|mom|mum|mother|dad|father|son|daughter|brother|sister))\b/i;
const KINDS = new RegExp(
  `\\b${COUNT} ?(?:adults?|child(?:ren)?|kids?|infants?|bab(?:y|ies)|seniors?|teens?|teenagers?)\\b`,
  "gi",
);

const passengers = (count: number): TripPatch =>
  count >= 1 && count <= 9 ? { passengers: count } : {};

function cabinIn(text: string): TripPatch {
  const cabins: [RegExp, Cabin][] = [
    [/\bpremium economy\b/i, "premium_economy"],
    [/\b(?:business|biz)(?: class)?\b(?! trip| meeting| travel)/i, "business"],
    [/\bfirst[- ]class\b/i, "first"],
    [/\b(?:economy|coach|cheapest class)\b/i, "economy"],
  ];
  const found = cabins.find(([pattern]) => pattern.test(text));
  return found ? { cabin: found[1] } : {};
}

function preferencesIn(text: string): TripPatch {
  const patch: TripPatch = {};
  if (
    /\b(?:stops? (?:are|is) (?:ok|fine)|don'?t mind (?:a )?(?:stops?|layovers?)|not (?:necessarily )?direct|any number of stops|with (?:a )?(?:stops?|layovers?)|connections? (?:are|is) (?:ok|fine))\b/i.test(
      text,
    )
  )
    patch.direct_only = false;
  else if (
    /\b(?:direct(?:ly| flights?| only)?|non[- ]?stop|(?:no|without|zero|0) (?:any )?(?:stops?|layovers?|connections?|stopovers?))\b/i.test(
      text,
    )
  )
    patch.direct_only = true;
  if (/\b(?:not|n't) (?:be )?flexible\b|\bexact(?:ly)? (?:that|those|on|dates?)\b/i.test(text))
    patch.flexible = false;
  else if (
    /\bflexible\b|\bgive or take\b|\b(?:plus|\+)(?: or |\/)?(?:minus|-)\b|±|\bany day\b|\ba (?:day|few days) either\b|\b(?:whatever|doesn'?t matter|don'?t (?:mind|care))\b/i.test(
      text,
    )
  )
    patch.flexible = true;
  const budget = budgetIn(text);
  if (budget) patch.budget = budget;
  return patch;
}

const CURRENCIES: [RegExp, string][] = [
  [/€|\beuros?\b|\beur\b/i, "EUR"],
  [/£|\bpounds?\b|\bgbp\b|\bquid\b/i, "GBP"],
  [/\bcad\b|c\$/i, "CAD"],
  [/\baud\b|a\$/i, "AUD"],
  [/₹|\brupees?\b|\binr\b/i, "INR"],
];

function budgetIn(text: string): Trip["budget"] {
  const match =
    /\b(?:under|below|less than|at most|no more than|not more than|max(?:imum)?(?: of)?|up to|within|budget(?: is| of|:)?(?: about| around)?|cheaper than|spend(?: about| around| up to)?)\s*(?:of )?((?:us|c|a)?[$€£₹])?\s*(\d[\d,.]*)( ?k\b)?\s*(dollars?|bucks|usd|euros?|eur|pounds?|gbp|quid|cad|aud|rupees?|inr|[$€£₹])?/i.exec(
      text,
    );
  if (!match) return null;
  const sign = `${match[1] ?? ""} ${match[4] ?? ""}`;
  const isMoney = sign.trim() !== "" || /budget|spend|cheaper/i.test(match[0]);
  const amount = Number(match[2]?.replaceAll(",", "").replace(/\.$/, "")) * (match[3] ? 1_000 : 1);
  if (!isMoney || !Number.isFinite(amount) || amount <= 0) return null;
  return { amount, currency: CURRENCIES.find(([pattern]) => pattern.test(sign))?.[1] ?? "USD" };
}

/** The trip with what was said of it. A return before the departure is not taken over. */
export function merge(trip: Trip, patch: TripPatch): Trip {
  const merged = { ...trip, ...patch };
  const { departure_date: out, return_date: back } = merged;
  if (out !== null && back !== null && daysBetween(out, back) < 0) {
    if (patch.return_date) merged.return_date = null;
    else if (patch.departure_date) merged.return_date = null;
  }
  return merged;
}

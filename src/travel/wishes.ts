import type { DateMention } from "./dates/dates-in.ts";
import type { Cabin, Slot, Trip, TripPatch } from "./slots.ts";

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
const COUNT = `(\\d{1,2}|${Object.keys(COUNTS).slice(4).join("|")}|one|single)`;
const countOf = (text: string): number => COUNTS[text.toLowerCase()] ?? Number(text);

const AMOUNT = `(\\d{1,2}|${Object.keys(COUNTS).join("|")})`;
const STAYS = new RegExp(
  `\\b(?:(?:for|make it|stay(?:ing)?) (?:about |around )?(?:a |the )?(?:another )?${AMOUNT}?(?: of)? ?(day|night|week)s?|after ${AMOUNT} (day|night|week)s?|${AMOUNT} (day|night|week)s? (?:later|after that))\\b`,
  "i",
);
/** "2 days longer": the number and the unit. */
export const LONGER = new RegExp(
  `\\b${AMOUNT} (day|night|week)s? (?:longer|more)\\b|\\b(?:extend|stay) (?:it |the trip )?(?:by|for) ${AMOUNT}`,
  "i",
);
/** "The other way round". */
export const SWAPS =
  /\b(?:swap|switch|revers\w*|the other way (?:a?round|about)|opposite direction|vice versa)\b/i;
const SHIFTS = new RegExp(`\\b${AMOUNT} (day|week)s? (later|after|earlier|sooner|before)\\b`, "i");

/** The length of the stay, in days. */
export function lengthIn(text: string): number | null {
  const match = STAYS.exec(text);
  if (!match) return null;
  const count = match[1] ?? match[3] ?? match[5];
  return daysOf(count, match[2] ?? match[4] ?? match[6]);
}

/** "Two days later": from what was said before, where that is all that is said of days. */
export function shiftIn(text: string): number | null {
  const match = SHIFTS.exec(text);
  if (!match) return null;
  const days = daysOf(match[1], match[2]);
  return /later|after/i.test(match[3] ?? "") ? days : -days;
}

export const daysOf = (count: string | undefined, unit: string | undefined): number =>
  (count === undefined ? 1 : countOf(count)) * (unit?.toLowerCase() === "week" ? 7 : 1);

export function kindIn(text: string): Trip["kind"] {
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

export function passengersIn(
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
  const counted = COUNTED.map((pattern) => pattern.exec(clear)).find((match) => match !== null);
  if (counted?.[1]) {
    const others =
      /\b(other|more|friends)\b/i.test(counted[0]) && /\b(me|i|my)\b/i.test(text) ? 1 : 0;
    return passengers(countOf(counted[1]) + others);
  }
  if (/\b(just me|only me|by myself|myself|alone|solo|on my own|just one|only one)\b/i.test(clear))
    return passengers(1);
  if (FAMILY.test(clear)) return passengers(2);
  const bare = asked.has("passengers")
    ? new RegExp(`^\\W*(?:(?:${ANSWER_LEAD})\\W+)*${COUNT}\\b`, "i").exec(clear)
    : null;
  return bare?.[1] ? passengers(countOf(bare[1])) : {};
}

/** Words before a number that answers how many fly. */
const ANSWER_LEAD =
  "ok|okay|yes|yeah|no|sure|well|then|so|oh|sorry|fine|hm+|um+|right|just|only|it'?s|for|us|we|we'?re|are|will be|be|there|there'?s|make it|make that|let'?s say|say|only us|actually";

const PEOPLE =
  "(?:people|persons?|individuals?|passengers?|adults?|travell?ers?|tickets?|seats?|of us|pax|ppl|guests?|friends)";
const BETWEEN =
  "(?:other|more|economy|business|first|premium|class|round[- ]?trip|one[- ]?way|return|plane|flight|airline|adult|air|direct|non[- ]?stop)";
/** Phrases that say how many fly, the surest first. */
const COUNTED = [
  `\\b${COUNT}(?:[ -]${BETWEEN})* ${PEOPLE}\\b`,
  `\\b${COUNT} (?:${BETWEEN} )*(?:round[- ]?trip|one[- ]?way) (?:${BETWEEN} )*flights\\b`,
  `\\b(?:party|group|family) of ${COUNT}\\b`,
  `\\b${COUNT} in (?:my|our|the) (?:group|party|family)\\b`,
  `\\b(?:tickets?|passengers?|seats?|people|travell?ers?)(?: needed| required)?(?: (?:is|are|will be|should be|would be|for)|:) (?:just |only )?${COUNT}\\b(?! (?:days?|nights?|weeks?|months?|hours?|stops?)\\b)`,
  `\\b(?:for|we are|we're|there (?:are|will be)|book|buy|get|make it|need(?:ing)?) (?:me |us |the |just |only |all )?${COUNT}(?: of us)?(?=\\s*(?:[.,!?]|$|(?:and|in|on|with|please|from|to|leaving|departing|going|flying|travell?ing|together|one[- ]?way|round|economy|business|tomorrow|today|next|this)\\b))`,
].map((pattern) => new RegExp(pattern, "i"));

const PARTNER = /\bmy (?:wife|husband|girlfriend|boyfriend|partner)\b/i;
/** The traveller, and one more. */
const FAMILY =
  /\b((?:me,? )?my (?:wife|husband|girlfriend|boyfriend|partner|friend|mom|mum|mother|dad|father|son|daughter|brother|sister|boss|colleague) and (?:i|me|myself)|me and my (?!friends|family|kids|parents)\w+|(?:with|and) my (?:wife|husband|girlfriend|boyfriend|partner|friend|mom|mum|mother|dad|father|son|daughter|brother|sister))\b/i;
const KINDS = new RegExp(
  `\\b${COUNT} ?(?:adults?|child(?:ren)?|kids?|infants?|bab(?:y|ies)|seniors?|teens?|teenagers?)\\b`,
  "gi",
);

const passengers = (count: number): TripPatch =>
  count >= 1 && count <= 9 ? { passengers: count } : {};

export function cabinIn(text: string): TripPatch {
  const cabins: [RegExp, Cabin][] = [
    [/\bpremium economy\b/i, "premium_economy"],
    [/\b(?:business|biz)(?: class)?\b(?! trip| meeting| travel)/i, "business"],
    [/\bfirst[- ]class\b/i, "first"],
    [/\b(?:economy|coach|cheapest class)\b/i, "economy"],
  ];
  const found = cabins.find(([pattern]) => pattern.test(text));
  return found ? { cabin: found[1] } : {};
}

export function preferencesIn(text: string): TripPatch {
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

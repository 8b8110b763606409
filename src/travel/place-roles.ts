import { beforeOf, lastCue } from "./cues.ts";
import type { Cue } from "./cues.ts";
import type { DateMention } from "./dates/dates-in.ts";
import { countryIn } from "./gazetteer.ts";
import { isShouted } from "./places.ts";
import type { PlaceMention } from "./places.ts";
import type { Slot, Trip } from "./slots.ts";

export type PlaceSlot = "origin" | "destination";

/** `home`: where the traveller returns to; `away`: from where. `weak`: a word that goes before either. */
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
  { role: "destination", pattern: /\bfor(?=\s*$)/gi },
  { role: "weak", pattern: /\b(?:in|at|around|see)(?=\s*$)/gi },
  {
    role: "none",
    pattern: /\b(?:not|instead of|rather than|near|via|through|layover in|stop in|with)(?=\s*$)/gi,
  },
];

const AFTER_ORIGIN =
  /^\W{0,3}(?:is|will be|would be|as|being)\b[^.?!]{0,40}\b(?:origin|depart\w*|from|leav\w*|start\w*|out of)\b/i;
const AFTER_DESTINATION =
  /^\W{0,3}(?:is|will be|would be|as|being)\b[^.?!]{0,40}\b(?:destination|visit\w*|going|go to|travel\w*|headed|heading|arriv\w*|to)\b/i;

/** A place, and which end of the trip it is. */
export interface PlaceFound {
  slot: PlaceSlot;
  mention: PlaceMention;
  isSure: boolean;
}

/** Which of the places in a text are where the trip begins and where it goes. */
export function placeRoles(
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
    const isStart = role === null || role === "weak";
    const previous = places[index - 1];
    // "Going to Rome to Oslo": one "to" was meant to be a "from", the second as a rule.
    const isSecondTo =
      previous !== undefined &&
      found.at(-1)?.slot === "destination" &&
      /^\s*to\s*$/i.test(text.slice(previous.end, mention.start));
    if (isSecondTo) found.push({ slot: "origin", mention, isSure: false });
    else if (leadsTo && isStart) found.push({ slot: "origin", mention, isSure: true });
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
    const wanted = (["destination", "origin"] as const).filter((slot) => !filled(slot));
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

const roleAfter = (rest: string): PlaceSlot | null => {
  if (AFTER_ORIGIN.test(rest)) return "origin";
  return AFTER_DESTINATION.test(rest) ? "destination" : null;
};

const NAMED = /\b(from|to) (\p{Lu}[\p{L}'’-]{2,}(?: \p{Lu}[\p{L}'’-]+)?)/gu;
const NO_NAMES =
  /^(?:the|my|our|your|this|that|next|and|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december|easter|christmas|economy|business|first|premium)\b/i;

/** A name that stands where a place does, and is none that is known. */
export interface UnknownPlace {
  slot: PlaceSlot;
  name: string;
}

export function unknownIn(
  text: string,
  known: readonly { start: number; end: number }[],
): UnknownPlace[] {
  if (isShouted(text)) return [];
  return [...text.matchAll(NAMED)].flatMap((match) => {
    const [whole, cue = "", name = ""] = match;
    const start = match.index + whole.length - name.length;
    const isKnown = known.some((each) => each.start < start + name.length && start < each.end);
    if (isKnown || NO_NAMES.test(name) || countryIn(name)) return [];
    return [{ slot: cue === "from" ? ("origin" as const) : ("destination" as const), name }];
  });
}

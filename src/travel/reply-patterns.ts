import { dateRoles } from "./date-roles.ts";
import { datesIn } from "./dates/dates-in.ts";
import { placeRoles } from "./place-roles.ts";
import { placesIn } from "./places.ts";
import type { Slot, Trip, TripPatch } from "./slots.ts";

const PRAISE =
  "right|correct|perfect|great|good|fine|alright|all right|awesome|cool|wonderful|excellent|amazing|brilliant|fantastic|lovely|nice|super|ideal|ok|okay";
/** How a message begins whose author says yes. */
const AGREES = new RegExp(
  `^\\W*(?:yes|yeah|yep|yup|ya|sure|exactly|absolutely|of course|${PRAISE}|that'?s (?:a |all |just |very |really |pretty |so )*(?:${PRAISE}|it|what|when)|that (?:all )?(?:is|sounds|works|looks|seems|would|will|suits|date|day)|(?:this|these|those|they|everything|it|it all|all of (?:it|that)) (?:all )?(?:is|are|sounds?|works?|looks?|seems?|will do|suits?)|that'?ll (?:do|work)|sounds|looks|works|it'?s (?:${PRAISE})|confirm\\w*|please (?:do|go|book|confirm)|go ahead|let'?s (?:do|go with|book|take)|that one|i'?(?:ll take|d like) (?:it|that)|book (?:it|that)|i (?:really )?(?:like|love|agree|confirm)|i'?m (?:happy|fine|good|ok\\w*) with)\\b`,
  "i",
);
/** Words by which a message does more than agree. */
export const DECLINES =
  /\b(no|nope|nah|not|n't|instead|rather|except|change|changed|actually|wrong)\b/i;
/** "That's correct": of all that was said, and not of the last question alone. */
export const EXACTLY =
  /^\W*(?:yes|yeah|yep)?\W*(?:that'?s|that is|it is|it'?s|this is|all|everything is)? ?(?:correct|right)\b/i;
/** Whether the traveller says yes. */
export const agrees = (text: string): boolean => AGREES.test(text) && !/\bbut\b/i.test(text);

/**
 * The slots that the assistant proposed and the traveller accepts: all that it wants confirmed, where the traveller
 * agrees; else those that were unknown, where the traveller does not object.
 */
export function offeredIn(
  said: string,
  { isAgreed, isExact }: { isAgreed: boolean; isExact: boolean },
  now: number,
  trip: Trip,
): TripPatch {
  const patch: TripPatch = {};
  // Offers, and the help, come in lines: nothing of them is a trip to agree to.
  if (said.includes("\n")) return patch;
  const isConfirming =
    isExact || (isAgreed && /\bconfirm|\b(?:correct|right)\?|\bdetails\b/i.test(said));
  const asks = isConfirming ? said : questionsIn(said).join(" ");
  const dates = datesIn(asks, now);
  const places = placesIn(asks).filter(
    ({ end }) => !/^\S* (?:international|airport)/i.test(asks.slice(end)),
  );
  for (const { slot, mention, isSure } of placeRoles(asks, places, dates, new Set(), trip))
    if (isSure && (isConfirming || (isAgreed && trip[slot] === null)))
      patch[slot] = mention.place.code;
  for (const { slot, day } of dateRoles(asks, dates, new Set(), trip))
    if (isConfirming || (isAgreed && trip[slot] === null)) patch[slot] = day;
  return patch;
}

const questionsIn = (said: string): string[] => said.split(/(?<=[.!?])\s+/).filter(isQuestion);

const isQuestion = (sentence: string): boolean =>
  /\?|^(?:and |so |ok\w*,? |alright,? )?(?:when|where|what|which|how|will|do|are|is)\b|\b(please|tell me|let me know|need to know|provide|may i know|confirm)\b/i.test(
    sentence,
  );

/** The slots that the assistant asked for. */
export function askedIn(said: string): Set<Slot> {
  const asked = new Set<Slot>();
  const add = (slot: Slot, pattern: RegExp, clause: string) => {
    if (pattern.test(clause)) asked.add(slot);
  };
  for (const sentence of questionsIn(said)) {
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

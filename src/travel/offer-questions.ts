import { sentencesIn } from "./cues.ts";
import type { Leg, Offer } from "./offer.ts";
import type { PlaceMention } from "./places.ts";
import { durationText, legTimes, offerPrice, placeName, stopsText } from "./replies.ts";

const LEAD_IN =
  "(?:(?:ok\\w*|great|good|well|thanks?|thank you|and|also|so|but|cool|perfect|nice|awesome|alright|sure|yes|no|please|hmm|(?:can|could|would) you (?:please )?(?:tell|confirm|let)(?: me)?(?: know)?|do you know|(?:please )?(?:tell|let) me(?: know)?|i(?:'d| would) like to know|i want to know|may i know|just|first|if|whether)\\W+)*";
const ITS =
  "(?:it|it's|this|that|they|these|those|(?:the|my|this|that|these|those|your) (?:[\\w-]+ ){0,3}(?:flights?|tickets?|fare|trip|airline|plane|price|journey|ones?|departure|arrival|layover)|there (?:any |a )?(?:stops?|layovers?|stopovers?|connections?))";
/** "Is it direct?", "does the flight have any stops?" */
const YES_OR_NO = new RegExp(
  `^\\W*${LEAD_IN}(?:(?:is|are|does|do|will|has|have|did|was) ${ITS}\\b|(?:it|it's|it is|this|that|the flight|there) (?:is |has |have |are )?(?:a |any |zero |no )?(?:refundable|direct|non[- ]?stop|stops?|red[- ]?eye|layovers?)\\b)`,
  "i",
);
/** "When does it arrive?", "which airport does it leave from?" */
const WHICH = new RegExp(
  `^\\W*${LEAD_IN}(?:at )?(?:how (?:much|long|many (?:stops|layovers|stopovers|connections))\\b|(?:what|when|where|which)\\b[^?]*\\b(?:arriv\\w*|land\\w*|depart\\w*|leaves?|leaving|take ?off|takes off|airports?|price\\w*|costs?|fares?|stops?|layovers?|long|duration|airlines?|terminal|refund\\w*|seats?|luggage|baggage|times?|everything)\\b)`,
  "i",
);

/** Whether a sentence asks about a flight that was found, and says nothing of the trip. */
const asksAboutOffer = (sentence: string): boolean =>
  YES_OR_NO.test(sentence) || WHICH.test(sentence);

/** A question that names a way to fly is a wish: "is there a direct flight from Rome?" */
const NAMES_WAY = /\b(?:from|to|leaving|into)\s+$/i;
/** And so is one that names a cabin, a day of one's own, or what is needed: "is it direct, and we need three?" */
const WISHES =
  /\b(?:what if|(?:i|we)(?:'ll| will)? (?:be )?need(?:ing)? (?!to\b)|(?:can|could|may|should) (?:i|we)|do you have|(?:premium )?economy|business class|first class)\b/i;

/** The text with its questions about flights that were found blanked out: "is it direct?" asks, and sets nothing. */
export function withoutQuestions(text: string, places: readonly PlaceMention[]): string {
  return sentencesIn(text).reduce((left, { start, end }) => {
    const sentence = text.slice(start, end);
    const namesWay = places.some(
      (place) =>
        place.start >= start && place.end <= end && NAMES_WAY.test(text.slice(start, place.start)),
    );
    if (namesWay || WISHES.test(sentence) || !asksAboutOffer(sentence)) return left;
    return left.slice(0, start) + " ".repeat(end - start) + left.slice(end);
  }, text);
}

const ways = (offer: Offer, say: (leg: Leg) => string): string =>
  offer.legs.map((leg, index) => `${index === 0 ? "" : "back "}${say(leg)}`).join(", ");

const ASPECTS: [RegExp, (offer: Offer) => string][] = [
  [
    /\b(?:stops?|direct|non[- ]?stop|layovers?|stopovers?|connections?)\b/i,
    (offer) => ways(offer, stopsText),
  ],
  [
    /\b(?:how long|duration|takes?)\b/i,
    (offer) => ways(offer, ({ minutes }) => durationText(minutes)),
  ],
  [
    /\b(?:airports?|where)\b/i,
    (offer) => ways(offer, ({ from, to }) => `${placeName(from)} to ${placeName(to)}`),
  ],
  [/\b(?:how much|price\w*|costs?|fares?)\b/i, offerPrice],
  [/\b(?:airlines?|carrier)\b/i, ({ airline }) => airline],
  [
    /\b(?:arriv\w*|land\w*|depart\w*|leaves?|leaving|when|times?|take ?off|takes off|red[- ]?eye)\b/i,
    (offer) => ways(offer, legTimes),
  ],
];
const UNKNOWN =
  /\b(?:refund\w*|baggage|luggage|bags?|seats?|meals?|wi-?fi|terminal|cancel\w*|pets?)\b/i;

/** The answer to a question about the flights that were found. Null where a text asks none. */
export function answerAbout(text: string, offers: readonly Offer[]): string | null {
  const asked = sentencesIn(text)
    .map(({ start, end }) => text.slice(start, end))
    .filter(asksAboutOffer);
  if (asked.length === 0) return null;
  const question = asked.join(" ");
  if (UNKNOWN.test(question))
    return "That I do not know: the airline says it where you book. I know prices, times, stops and airports.";
  const aspect = ASPECTS.find(([pattern]) => pattern.test(question))?.[1];
  if (!aspect) return null;
  return offers.map((offer, index) => `${index + 1}: ${aspect(offer)}`).join("\n");
}

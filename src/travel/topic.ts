import { placesIn } from "./places.ts";
import type { PlaceMention } from "./places.ts";
import type { Slot } from "./slots.ts";

/** What a conversation is about. */
export interface Topic {
  /** Something else than a flight: a hotel, an event, the weather. */
  other: boolean;
  /** The IATA code of where that is. */
  place: string | null;
}

/** What it is about until somebody says otherwise. */
export const FLIGHTS: Topic = { other: false, place: null };

/** Words that only somebody says who talks of flights. */
export const FLIGHT_WORDS =
  /\b(flights?|fly|flying|flew|planes?|airlines?|airways|airports?|air ?fare|one[- ]?way|round[- ]?trip|return trip|depart\w*|layovers?|non[- ]?stop|economy|business class|first class|there and back|leav(?:e|ing) (?:from|on|for))\b/i;
const TRAVEL_WORDS =
  /\b(flights?|fly\w*|airlines?|leav\w+|depart\w*|return\w*|com(?:e|ing) back|back|head(?:ed|ing)|destination|airport|one[- ]?way|round[- ]?trip)\b/i;
const OTHER_WORDS =
  /\b(weather|forecast|temperature|humid\w*|rain\w*|wind|hotels?|hostel|motel|room|rooms|check[- ]?in|check[- ]?out|place to stay|stay (?:at|in)|rent(?:al|ing)? (?:a )?(?:car|cars|house|home)|cars?|house|apartment|event|events|concerts?|shows|(?:the|a|this|that) show|theat(?:er|re)s?|plays?|games?|match|baseball|basketball|football|soccer|sports?|music|bands?|singer|movies?|film|restaurants?|museums?|attractions?|sight ?seeing|tourist|things to do|interesting|parks?|bus|train|appointment|doctor|dentist)\b/i;

/** What a message is about, which may be other things than flights: then it says nothing of the trip. */
export function topicOf(
  { text, topic, said }: { text: string; topic: Topic; said: string | null },
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

export const goesThere = (text: string): boolean =>
  /\b(there|to that (?:city|place|location|event|area)|(?:to|reach) the (?:place|venue|location|event|city|show|game|concert|same (?:city|place)))\b/i.test(
    text,
  ) && FLIGHT_WORDS.test(text);

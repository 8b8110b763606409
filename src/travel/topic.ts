import { sentencesIn } from "./cues.ts";
import { today } from "./dates/calendar.ts";
import type { DateMention } from "./dates/dates-in.ts";
import type { PlaceMention } from "./places.ts";
import type { Slot, Trip } from "./slots.ts";

/** The topic of a conversation. Words beside flights are context, and set nothing of the trip. */
export interface Topic {
  /** Something else than a flight: a hotel, an event, the weather. */
  other: boolean;
  /** The user spoke of flights before. */
  flights: boolean;
  /** The IATA code of the last place beside flights: "there". */
  place: string | null;
  /** The last day beside flights: "that day". */
  day: string | null;
  /** For how many people something else was wanted. */
  passengers: number | null;
}

/** The topic until the user says otherwise. */
export const FLIGHTS: Topic = {
  other: false,
  flights: false,
  place: null,
  day: null,
  passengers: null,
};

/** Words that mean flights. */
export const FLIGHT_WORDS =
  /\b(flights?|fly|flying|flew|planes?|airlines?|airways|airports?|air ?fare|air tickets?|one[- ]?way|round[- ]?trip|return trip|depart\w*|layovers?|non[- ]?stop|economy|business class|first class|there and back|leav(?:e|ing) (?:from|on|for|out of)|travel(?:ling|ing)? (?:there|to|from)|way to (?:get|travel|reach)|(?:get|go|going|getting|reach) there)\b/i;
const OTHER_NOUNS =
  "weather|forecast|temperature|humid\\w*|rain\\w*|winds?|windy(?! city)|hotels?|hostel|motel|rooms?|check[- ]?in|check[- ]?out|(?:place|places|somewhere|anywhere|house) to stay|stay (?:at|in)|venue|performance|cars?|suv|hatchback|sedan|rental|house|apartment|(?:a|another|vacation) home|homes|events?|concerts?|(?:the|a|this|that|music|theatre) shows?|theat(?:er|re)s?|plays?|games?|match|baseball|basketball|football|soccer|sports?|music|bands?|singer|movies?|film|restaurants?|museums?|attractions?|sight ?seeing|tourist|things? to do|(?:something|anything) (?:fun|interesting|to do|to see)|interesting|parks?|bus(?:es)?|trains?|appointment|doctor|dentist|salon|songs?|bank|balance|reservation at";
const OTHER_WORDS = new RegExp(`\\b(?:${OTHER_NOUNS})\\b`, "i");
/** Without a day, the weather is today's. */
const WEATHER = /\b(?:weather|forecast|temperature|humid\w*|windy?|rain\w*)\b/i;
/** "A ticket to the show": to no place. */
const TICKET_TO =
  /\b(?:tickets?|seats?) (?:to|for) (?!me\b|us\b|\d|one\b|two\b|three\b|four\b|my\b|tomorrow|today|tonight|the \d|next|this)(?:see |the )?(?=\w)/i;
/** Asks for another service. */
const ASKS_OTHER = new RegExp(
  `\\b(?:find|look\\w*|search\\w*|need|want|get|book|reserve|recommend|show|check|rent|tell|like|any)\\b[^.?!]{0,60}\\b(?:${OTHER_NOUNS})\\b`,
  "i",
);
/** "A day later", "direct only": these change the trip, whatever the talk was of. */
const CHANGES_TRIP =
  /\b(?:\w+ (?:days?|weeks?) (?:later|earlier|sooner)|direct only|non[- ]?stop|return (?:flight|a day)|fly)\b/i;
const GOES =
  /\b(?:go|going|goes|get|getting|travel\w*|trip|journey|headed|heading|head|flight)\s+(?:(?:over|out|back|down|up)\s+)?(?:to|from)\s+$/i;
const TO = /^\s*(?:to|-+>?|–|→|>)\s*$/i;

/** How many words still answer a question, while the talk is of something else. */
const SHORT_WORDS = 4;

export interface TopicRead {
  topic: Topic;
  /** The text with what it says of something else blanked out. */
  text: string;
}

interface Heard {
  text: string;
  now: number;
  topic: Topic;
  trip: Trip;
  places: readonly PlaceMention[];
  dates: readonly DateMention[];
  asked: ReadonlySet<Slot>;
  /** How many people the text names. */
  passengers: number | null;
}

/** Finds the topic of a message, and the part of it that is about flights. */
export function topicOf(heard: Heard): TopicRead {
  const { text, topic, places } = heard;
  const sentences = sentencesIn(text);
  const speaksOfOther = OTHER_WORDS.test(text);
  const isFlight = (part: { start: number; end: number }): boolean =>
    FLIGHT_WORDS.test(text.slice(part.start, part.end)) ||
    places.some(
      ({ start, end }, index) =>
        start >= part.start &&
        end <= part.end &&
        (isRoute(text, places, index) ||
          (!speaksOfOther && GOES.test(text.slice(part.start, start)))),
    );
  const flights = sentences.filter(isFlight);
  const asksOther = sentences.filter(
    (part) => !isFlight(part) && ASKS_OTHER.test(text.slice(part.start, part.end)),
  );
  if (flights.length > 0) {
    const isOther = asksOther.length > 0;
    const left = asksOther.reduce(blank, text);
    return {
      topic: { ...topic, ...(isOther && contextOf(heard)), other: isOther, flights: true },
      text: left,
    };
  }
  const isOther =
    OTHER_WORDS.test(text) ||
    isTicketElsewhere(heard) ||
    (topic.other && !CHANGES_TRIP.test(text) && !answersBriefly(heard));
  if (!isOther) return { topic: { ...topic, other: false }, text };
  return { topic: { ...topic, ...contextOf(heard), other: true }, text: "" };
}

/** "A ticket to Wallows": for a show, as long as no flight was spoken of. */
function isTicketElsewhere({ text, topic, trip, places }: Heard): boolean {
  if (topic.flights || trip.origin !== null || trip.destination !== null) return false;
  const match = TICKET_TO.exec(text);
  return match !== null && !places.some(({ start }) => start === match.index + match[0].length);
}

/** A word or two after a question about the trip answer that. */
function answersBriefly({ text, asked, trip, topic }: Heard): boolean {
  const isOpen = [trip.origin, trip.destination, trip.departure_date].includes(null);
  const words = text.trim().split(/\s+/).length;
  return topic.flights && isOpen && asked.size > 0 && words <= SHORT_WORDS;
}

function contextOf({ text, topic, trip, places, dates, passengers, now }: Heard): Partial<Topic> {
  // Not the beginning of another name: "the Chicago Bulls".
  const real = places.filter(
    ({ end }) => !/^ (?!(?:on|in|for)\b)\p{Lu}\p{Ll}/u.test(text.slice(end)),
  );
  const named =
    real.findLast(({ start }) =>
      /\b(?:in|at|for|to|near|around)\s+$/i.test(text.slice(0, start)),
    ) ??
    real.at(-1) ??
    (topic.place === null ? places.at(-1) : undefined);
  const early = topic.flights
    ? {}
    : {
        place: trip.destination ?? trip.origin,
        day: trip.departure_date,
        passengers: trip.passengers,
      };
  const day = dates.findLast(({ isVague }) => !isVague)?.day;
  return {
    place: named?.place.code ?? topic.place ?? early.place ?? null,
    day: day ?? topic.day ?? early.day ?? (WEATHER.test(text) ? today(now) : null),
    passengers: passengers ?? topic.passengers ?? early.passengers ?? null,
  };
}

/** "Boston to Paris": two places with nothing but a word for the way between them. */
const isRoute = (text: string, places: readonly PlaceMention[], index: number): boolean => {
  const [from, to] = [places[index], places[index + 1]];
  return from !== undefined && to !== undefined && TO.test(text.slice(from.end, to.start));
};

const blank = (text: string, { start, end }: { start: number; end: number }): string =>
  text.slice(0, start) + " ".repeat(end - start) + text.slice(end);

export const goesThere = (text: string): boolean =>
  /\b(there|to that (?:city|place|location|event|area)|(?:to|reach) the (?:place|venue|location|event|city|show|game|concert|same (?:city|place)))\b/i.test(
    text,
  ) && FLIGHT_WORDS.test(text);

/** "On that day", "the same day": the day that was named beside flights. */
export const saysThatDay = (text: string): boolean =>
  /\b(?:that|the same) (?:day|date)\b|\bon the day\b/i.test(text);

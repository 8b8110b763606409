import { MINUTE_MS } from "../shared/time.ts";
import { daysBetween, today } from "./dates/calendar.ts";
import type { Leg, Offer } from "./offer.ts";
import { cityOf, countryName, placeByCode } from "./gazetteer.ts";
import type { EssentialSlot, Slot, Trip } from "./slots.ts";

/** So many offers are shown. */
export const SHOWN = 3;

export const HELP = `I find flights. Tell me where from, where to and when, all in one message or bit by bit:
• "NYC to London next Friday, back on Sunday, two people"
• "no, from Boston" or "a day later" changes what I know
• "direct only", "business class", "under $600", "flexible" narrow it down
• "1", "2" or "3" shows an offer in full
• "reset" starts over, "stop" ends it`;

/** The price of an offer. */
export const offerPrice = ({ price }: Offer): string => money(price);

export const placeName = (code: string): string => {
  const place = placeByCode(code);
  if (!place) return code;
  const city = cityOf(code);
  return city && city.code !== code ? `${city.name} ${code}` : place.name;
};

/** "Fri 27 Nov", with the year where it is another. */
export function dayName(day: string, now: number): string {
  const isOther = day.slice(0, 4) !== today(now).slice(0, 4);
  return new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(isOther && { year: "numeric" }),
    timeZone: "UTC",
  })
    .format(new Date(day))
    .replace(",", "");
}

const money = ({ amount, currency }: Offer["price"]): string => {
  try {
    return new Intl.NumberFormat("en-US", {
      style: "currency",
      currency,
      maximumFractionDigits: amount % 1 === 0 ? 0 : 2,
    }).format(amount);
  } catch {
    return `${amount} ${currency}`;
  }
};

export const durationText = (minutes: number): string => {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return joined([hours > 0 ? `${hours} h` : "", rest > 0 || hours === 0 ? `${rest} min` : ""], " ");
};

export const stopsText = ({ stops }: Leg): string =>
  stops === 0 ? "direct" : `${stops} stop${stops === 1 ? "" : "s"}`;

/** "18:30–06:40 (+1)". */
export function legTimes({ departs, arrives }: Leg): string {
  const later = daysBetween(departs.slice(0, 10), arrives.slice(0, 10));
  const sign = later > 0 ? ` (+${later})` : later < 0 ? ` (${later})` : "";
  return `${departs.slice(11, 16)}–${arrives.slice(11, 16)}${sign}`;
}

const cabinName = (cabin: string): string => cabin.replace("_", " ");

/** A trip in a line. */
export function summaryOf(trip: Trip, now: number): string {
  const { origin, destination, departure_date, return_date } = trip;
  const route = [
    origin === null ? "" : `from ${placeName(origin)}`,
    destination === null ? "" : `to ${placeName(destination)}`,
    departure_date === null ? "" : `on ${dayName(departure_date, now)}`,
  ];
  const rest = [
    return_date === null ? "" : `back on ${dayName(return_date, now)}`,
    trip.passengers === null ? "" : people(trip.passengers),
    trip.cabin === null ? "" : cabinName(trip.cabin),
    trip.direct_only === true ? "direct only" : "",
    trip.flexible === true ? "a day sooner or later" : "",
    trip.budget === null ? "" : `up to ${money(trip.budget)}`,
  ];
  return joined([joined(route, " "), ...rest], ", ");
}

const joined = (parts: readonly string[], by: string): string =>
  parts.filter((part) => part !== "").join(by);

const people = (count: number): string => `${count} passenger${count === 1 ? "" : "s"}`;

const QUESTIONS: Partial<Record<Slot, string>> = {
  origin: "where are you flying from",
  destination: "where do you want to go",
  departure_date: "when do you want to leave",
  return_date: "when do you want to return",
};

/**
 * One question for everything that is missing.
 *
 * @param day - a day that the user named for something else: a good guess for the departure
 */
export function askFor(
  slots: readonly Slot[],
  trip: Trip,
  now: number,
  day: string | null = null,
): string {
  const questions = slots.map((slot) => QUESTIONS[slot] ?? slot);
  const last = questions.pop() ?? "";
  const all = questions.length === 0 ? last : `${questions.join(", ")} and ${last}`;
  const isAhead = day !== null && day >= today(now) && slots.includes("departure_date");
  const guess = isAhead ? ` Leaving on ${dayName(day, now)}?` : "";
  const asked = `${all.charAt(0).toUpperCase()}${all.slice(1)}?${guess}`;
  const known = summaryOf(trip, now);
  return known === "" ? asked : `Got it: ${known}. ${asked}`;
}

/** Names the places in full, as one of them may be a namesake. */
export function askConfirmation(trip: Trip, slots: readonly EssentialSlot[], now: number): string {
  const parts = slots.flatMap((slot) => {
    const value = trip[slot];
    return value === null ? [] : [SAID[slot](value, now)];
  });
  return `Just to be sure: ${parts.join(", ")}. Is that right?`;
}

const SAID: Record<EssentialSlot, (value: string, now: number) => string> = {
  origin: (code) => `from ${fullName(code)}`,
  destination: (code) => `to ${fullName(code)}`,
  departure_date: (day, now) => `leaving on ${dayName(day, now)}`,
  return_date: (day, now) => `back on ${dayName(day, now)}`,
};

const fullName = (code: string): string => {
  const place = placeByCode(code);
  if (!place) return code;
  return `${placeName(code)} (${joined([place.region, countryName(place.country)], ", ")})`;
};

export const doNotKnow = (names: readonly string[]): string =>
  `I do not know ${names.join(" and ")}. Which larger city or airport is it near?`;

export const TOO_MANY =
  "Up to nine people fly on one booking; for more, airlines have group desks. How many are you?";
export const CHEAPEST =
  'The first is the cheapest that I found. "flexible", "a day later", "stops are fine" or another airport may find a cheaper one.';

export const NEXT =
  'Say "1", "2" or "3" for an offer in full, what to change ("a day later", "direct only", "business"), or "reset" for another trip.';

export const searchingText = (trip: Trip, now: number): string =>
  `Searching flights ${summaryOf(trip, now)}…`;

export const OUTAGE =
  'The flight search does not answer right now. Your trip is kept: say "again" in a minute, and I will look once more.';
export const REFUSED =
  'The flight search does not take this trip. Try another city, another day, or "reset".';

/**
 * The three best offers: the cheapest, the fastest, and the one that is best by both; a line that compares them; and what
 * to say next.
 *
 * @param notes - namesakes of the places, and the like
 */
export function offersText(
  trip: Trip,
  best: readonly Offer[],
  context: { now: number; isDemo: boolean; overBudget: boolean; notes: string[] },
): string {
  const { now, isDemo, overBudget, notes } = context;
  const title = `${isDemo ? "DEMO flights" : "Flights"} ${summaryOf({ ...trip, passengers: trip.passengers ?? 1, cabin: trip.cabin ?? "economy" }, now)}:`;
  if (best.length === 0) {
    const tips = [
      trip.direct_only === true ? '"stops are fine"' : "",
      trip.flexible === true ? "" : '"flexible"',
      '"a day later"',
    ];
    return `${title}\nNothing found. Try ${joined(tips, ", ")}, or another airport.`;
  }
  return [
    title,
    ...(overBudget
      ? [`Nothing is within ${money(trip.budget as Offer["price"])}; these come closest.`]
      : []),
    ...best.map((offer, index) => `${index + 1}. ${lineOf(offer, trip, now)}`),
    ...(best.length > 1 ? [comparison(best)] : []),
    ...notes,
    `${NEXT}${isDemo ? " (DEMO: a made-up timetable, nothing of it can be booked.)" : ""}`,
  ].join("\n");
}

function lineOf({ price, airline, legs }: Offer, trip: Trip, now: number): string {
  const ways = legs.map((leg, index) => {
    const planned = index === 0 ? trip.departure_date : trip.return_date;
    const day = leg.departs.slice(0, 10);
    const other = planned !== null && day !== planned ? `${dayName(day, now)} ` : "";
    return `${index === 0 ? "" : "back "}${other}${legTimes(leg)} ${leg.from}–${leg.to}, ${stopsText(leg)}, ${durationText(leg.minutes)}`;
  });
  return `${money(price)} ${airline}: ${ways.join("; ")}`;
}

/** How long all of a trip takes. */
export const minutesOf = ({ legs }: Offer): number =>
  legs.reduce((sum, { minutes }) => sum + minutes, 0);

/** The cheapest first, then the fastest, then what is left of the better ones. */
export function bestOf(offers: readonly Offer[]): Offer[] {
  const byPrice = offers.toSorted((a, b) => a.price.amount - b.price.amount);
  const byTime = offers.toSorted(
    (a, b) => minutesOf(a) - minutesOf(b) || a.price.amount - b.price.amount,
  );
  const rank = new Map(
    offers.map((offer) => [offer, byPrice.indexOf(offer) + byTime.indexOf(offer)]),
  );
  const byBoth = offers.toSorted((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
  return [...new Set([byPrice[0], byTime[0], ...byBoth])]
    .filter((offer) => offer !== undefined)
    .slice(0, SHOWN)
    .toSorted((a, b) => a.price.amount - b.price.amount);
}

function comparison(best: readonly Offer[]): string {
  const [cheapest] = best as [Offer];
  const fastest = best.toSorted((a, b) => minutesOf(a) - minutesOf(b))[0] as Offer;
  if (fastest === cheapest || minutesOf(fastest) === minutesOf(cheapest))
    return "1 is the cheapest and the fastest.";
  const saves = durationText(minutesOf(cheapest) - minutesOf(fastest));
  const costs = money({
    amount: Math.round((fastest.price.amount - cheapest.price.amount) * 100) / 100,
    currency: cheapest.price.currency,
  });
  return `1 is the cheapest; ${best.indexOf(fastest) + 1} is ${saves} faster for ${costs} more.`;
}

/** One offer in full. */
export function detailsOf(offers: readonly Offer[], index: number, trip: Trip): string {
  const offer = offers[index] as Offer;
  const ways = offer.legs.map(
    (leg, way) =>
      `${way === 0 ? "Out" : "Back"}: ${placeName(leg.from)} ${clock(leg.departs)} → ${placeName(leg.to)} ${clock(leg.arrives)}, ${durationText(leg.minutes)}, ${stopsText(leg)}, ${leg.flights.join(" + ")}`,
  );
  const count = trip.passengers ?? 1;
  return [
    `Offer ${index + 1}: ${money(offer.price)} for ${people(count)}, ${cabinName(trip.cabin ?? "economy")}, with ${offer.airline}`,
    ...ways,
    "Times are local. I compare flights, and do not sell them: take the flight numbers to the airline.",
  ].join("\n");
}

const clock = (time: string): string =>
  `${dayName(time.slice(0, 10), Date.parse(time) - MINUTE_MS)} ${time.slice(11, 16)}`;

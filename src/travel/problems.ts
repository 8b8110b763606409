import { addDays, daysBetween, today } from "./dates/calendar.ts";
import { cityOf } from "./gazetteer.ts";
import { dayName, placeName } from "./replies.ts";
import type { Trip } from "./slots.ts";

/** Airlines sell about so far ahead. */
const DAYS_AHEAD = 360;
/** A later return is a day of this year that was taken for one of the next. */
const LONGEST_STAY_DAYS = 330;

/** Finds what no airline could do, and the slots that have to go for it. */
export function problemOf(
  trip: Trip,
  now: number,
): { text: string; without: Partial<Trip> } | null {
  const { origin, destination, departure_date, return_date } = trip;
  if (
    origin !== null &&
    destination !== null &&
    cityOf(origin)?.code === cityOf(destination)?.code
  ) {
    return {
      text: `That would be from ${placeName(origin)} to ${placeName(destination)}. Where do you want to go?`,
      without: { destination: null },
    };
  }
  for (const slot of ["departure_date", "return_date"] as const) {
    const day = trip[slot];
    if (day === null) continue;
    if (daysBetween(today(now), day) < 0)
      return {
        text: `${dayName(day, now)} is over. Which day do you mean?`,
        without: { [slot]: null },
      };
    const isBack = slot === "return_date" && departure_date !== null;
    if (isBack && daysBetween(departure_date, day) > LONGEST_STAY_DAYS) {
      return {
        text: `When do you want to return? You leave on ${dayName(departure_date, now)}.`,
        without: { return_date: null },
      };
    }
    if (daysBetween(today(now), day) > DAYS_AHEAD) {
      const last = dayName(addDays(today(now), DAYS_AHEAD), now);
      return {
        text: `${dayName(day, now)} is too far ahead: flights are on sale until about ${last}. Which day do you mean?`,
        without: { [slot]: null },
      };
    }
  }
  if (
    departure_date !== null &&
    return_date !== null &&
    daysBetween(departure_date, return_date) < 0
  ) {
    return {
      text: `You would be back before you leave on ${dayName(departure_date, now)}. When do you want to return?`,
      without: { return_date: null },
    };
  }
  return null;
}

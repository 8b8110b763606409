import { isObject } from "../../shared/json-merge-patch.ts";
import { dialogueSchema } from "../../travel/dialogue.ts";
import { placeByCode } from "../../travel/gazetteer.ts";
import { placesIn } from "../../travel/places.ts";
import { CABINS, slotSchemas } from "../../travel/slots.ts";
import type { Slot } from "../../travel/slots.ts";

/** By which names bots know what the travel assistant knows, in the letters of {@link plain}. */
const NAMES: Record<string, Slot> = {
  origin: "origin",
  from: "origin",
  fromcity: "origin",
  departurecity: "origin",
  origincity: "origin",
  destination: "destination",
  to: "destination",
  tocity: "destination",
  arrivalcity: "destination",
  destinationcity: "destination",
  departuredate: "departure_date",
  departdate: "departure_date",
  departure: "departure_date",
  date: "departure_date",
  startdate: "departure_date",
  returndate: "return_date",
  return: "return_date",
  enddate: "return_date",
  kind: "kind",
  triptype: "kind",
  passengers: "passengers",
  passengercount: "passengers",
  adults: "passengers",
  travelers: "passengers",
  travellers: "passengers",
  cabin: "cabin",
  cabinclass: "cabin",
  class: "cabin",
  travelclass: "cabin",
  directonly: "direct_only",
  nonstop: "direct_only",
  direct: "direct_only",
  flexible: "flexible",
  flexibledates: "flexible",
  budget: "budget",
};
/** Where bots keep them. */
const SLOTS = new Set(["slots", "trip", "data", "search", "entities", "params"]);
const STEP = new Set(["step", "currentstep", "stage", "state", "currentstate"]);

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/g, "");

/**
 * A bot's state as the travel assistant's: `trip` and `dialogue` as they are there, and under `brought` all that is not
 * in these as it was.
 */
export function travelState(found: Record<string, unknown>): Record<string, unknown> {
  const trip: Partial<Record<Slot, unknown>> = {};
  const take = (fields: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(fields).filter(([name, value]) => {
        const known = plain(name);
        const slot = Object.hasOwn(NAMES, known) ? NAMES[known] : undefined;
        if (slot === undefined || trip[slot] !== undefined) return true;
        const taken = slotOf(slot, value);
        if (taken === null) return true;
        trip[slot] = taken;
        // A value that was put into our words stays as it was, too.
        return JSON.stringify(taken) !== JSON.stringify(value);
      }),
    );
  // A list of entries: a name such as __proto__ is one like any other.
  const brought: [string, unknown][] = [];
  let step: string | null = null;
  for (const [name, value] of Object.entries(found)) {
    if (SLOTS.has(plain(name)) && isObject(value)) {
      const rest = take(value);
      if (Object.keys(rest).length > 0) brought.push([name, rest]);
    } else if (STEP.has(plain(name)) && typeof value === "string" && step === null) {
      step = stepOf(value);
      if (step !== value) brought.push([name, value]);
    } else brought.push(...Object.entries(take(Object.fromEntries([[name, value]]))));
  }
  const isUnderstood = step !== null || Object.keys(trip).length > 0;
  return {
    ...(isUnderstood && dialogueSchema.parse({ trip, dialogue: { step } })),
    ...(brought.length > 0 && { brought: Object.fromEntries(brought) }),
  };
}

function slotOf(slot: Slot, value: unknown): unknown {
  const parsed = slotSchemas[slot].safeParse(inOurWords(slot, value));
  return parsed.success ? parsed.data : null;
}

function inOurWords(slot: Slot, value: unknown): unknown {
  const text = typeof value === "string" ? value.trim() : "";
  switch (slot) {
    case "origin":
    case "destination":
      return /^[A-Z]{3}$/.test(text) && placeByCode(text) ? text : placesIn(text)[0]?.place.code;
    case "departure_date":
    case "return_date":
      return /^\d{4}-\d{2}-\d{2}(?=T|$)/.exec(text)?.[0];
    case "passengers":
      return /^\d$/.test(text) ? Number(text) : value;
    case "cabin":
      return CABINS.find((cabin) => plain(cabin) === plain(text).replace(/class$/, ""));
    case "kind":
      return /one.?way/i.test(text) ? "one_way" : /round|return/i.test(text) ? "round_trip" : value;
    case "direct_only":
    case "flexible":
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : value;
    default:
      return value;
  }
}

function stepOf(name: string): string | null {
  if (/dest|\bto\b/i.test(name)) return "destination";
  if (/origin|from|departure.?city/i.test(name)) return "origin";
  if (/date|when/i.test(name)) return "dates";
  return /done|complete|search|result|offer/i.test(name) ? "done" : null;
}

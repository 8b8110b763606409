import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { datesIn } from "../../src/travel/dates/dates-in.ts";
import { cityOf } from "../../src/travel/gazetteer.ts";
import { placesIn } from "../../src/travel/places.ts";

export interface Turn {
  speaker: "user" | "system";
  utterance: string;
  intent?: string;
  /** What is known so far, in several wordings. Of turns about flights alone. */
  slots?: Record<string, string[]>;
  service?: string;
}

export interface Dialogue {
  dialogue_id: string;
  turns: Turn[];
}

export type Kind = "flights only" | "flights first" | "others first";

export const isFlight = ({ service }: Turn): boolean => service?.startsWith("Flights") ?? false;

/** The dialogues of a file in which flights come up: one JSON object a line, gzip or not. */
export function readDialogues(file: string): Dialogue[] {
  const raw = readFileSync(file);
  return (file.endsWith(".gz") ? gunzipSync(raw) : raw)
    .toString()
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as Dialogue)
    .filter(({ turns }) => turns.some(isFlight));
}

/** The dialogues that nobody wrote the grammar by: a fixed list. */
const HELD_OUT = new Set<string>(
  JSON.parse(readFileSync(join(import.meta.dirname, "held-out.json"), "utf8")) as string[],
);
export const isHeldOut = ({ dialogue_id }: Dialogue): boolean => HELD_OUT.has(dialogue_id);

export function kindOf({ turns }: Dialogue): Kind {
  const users = turns.filter(({ speaker }) => speaker === "user");
  if (users.every(isFlight)) return "flights only";
  return users[0] && isFlight(users[0]) ? "flights first" : "others first";
}

/** How a slot is called in the dialogues. */
export const ANNOTATED = {
  origin: /^origin(_city|_airport)?$/,
  destination: /^destination(_city|_airport)?$/,
  departure_date: /^departure_date$/,
  return_date: /^return_date$/,
  passengers: /^passengers$/,
  cabin: /^seating_class$/,
} as const;
export type Name = keyof typeof ANNOTATED;

export const annotatedIn = ({ slots = {} }: Turn, name: Name): string[] | undefined =>
  Object.entries(slots).find(([slot]) => ANNOTATED[name].test(slot))?.[1];

/** A value as it is compared: a city's code, a day, a number. What cannot be read stays as it was written. */
export function normal(name: Name, value: string, now: number): string {
  if (name === "departure_date" || name === "return_date")
    return datesIn(value, now)[0]?.day ?? value.toLowerCase();
  if (name === "passengers") return value;
  if (name === "cabin")
    return value
      .toLowerCase()
      .replace(/[ -]?class$/, "")
      .replaceAll(" ", "_");
  const place = placesIn(value)[0]?.place;
  return place ? (cityOf(place.code)?.code ?? place.code) : value.toLowerCase();
}

/** A trip's value in the same form. */
export function own(name: Name, value: string | number | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  const text = String(value);
  return name === "origin" || name === "destination" ? (cityOf(text)?.code ?? text) : text;
}

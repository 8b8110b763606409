import { FOREIGN_NAMES } from "./foreign-place-names.ts";
import {
  ALIASES,
  COUNTRY_ALIASES,
  EVERYDAY,
  METROS,
  METRO_NAMES,
  REGIONS,
  WORDS,
} from "./place-names.ts";
import { plainText } from "./plain-text.ts";
import lines from "./places.json" with { type: "json" };

/** Where somebody can fly from or to: a city with all its airports, or one airport. */
export interface Place {
  /** The IATA code of the city, or of the airport. */
  code: string;
  name: string;
  /** A state or province as people write it, "" where they do not. */
  region: string;
  /** ISO 3166, two letters. */
  country: string;
  /** In degrees. */
  lat: number;
  lon: number;
}

/** A place in a text, from `start` to `end`. */
export interface PlaceMention {
  start: number;
  end: number;
  place: Place;
  /** Other places of that name, the likeliest first. */
  others: Place[];
}

interface Known extends Place {
  /** Thousands of people, more for a large airport: which of two namesakes is meant. */
  weight: number;
}

interface Gazetteer {
  /** By name, the likeliest first. */
  byName: Map<string, Known[]>;
  byCode: Map<string, Known>;
  /** The city of an airport. */
  cityOf: Map<string, Known>;
}

const CODE_CUES = /\b(from|to|into|via|for|and|or|out of|leaving|departing|airport|in)\s+$/;

/** What stands behind a place, and seldom behind another word. */
const ENDS =
  /^\s*(?:$|[.,!?;-]|(?:to|from|on|in|for|and|tomorrow|today|next|this|leaving|returning|\d)\b)/i;
const LEADS_ON = /^\s*(?:to\b|[-–→>])/i;

let built: Gazetteer | null = null;
let countries: Map<string, string> | null = null;

interface Word {
  text: string;
  start: number;
  end: number;
}

const wordsIn = (plain: string): Word[] =>
  [...plain.matchAll(/[\p{L}\d]+(?:'[\p{L}]+)*/gu)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));

/** A name as it is looked up: its words, without accents, hyphens or dots. */
const wordsOf = (name: string): string =>
  wordsIn(plainText(name))
    .map(({ text }) => text)
    .join(" ");

function gazetteer(): Gazetteer {
  built ??= build(lines);
  return built;
}

function build(rows: readonly string[]): Gazetteer {
  const byName = new Map<string, Known[]>();
  const byCode = new Map<string, Known>();
  const cityOf = new Map<string, Known>();
  const metroOf = new Map(
    Object.entries(METROS).flatMap(([metro, codes]) =>
      codes.split(" ").map((code): [string, string] => [code, metro]),
    ),
  );
  const name = (text: string, place: Known) => {
    const words = wordsOf(text);
    const named = byName.get(words) ?? [];
    const twin = named.find(({ code }) => code === place.code);
    if (!twin) named.push(place);
    byName.set(words, named);
  };
  const cities = new Map<string, Known>();
  const later: { near: string; place: Known }[] = [];
  for (const row of rows) {
    const [iata = "", city = "", region = "", country = "", lat, lon, people, large] =
      row.split("|");
    const place: Known = {
      code: iata,
      name: city,
      region,
      country,
      lat: Number(lat),
      lon: Number(lon),
      weight: Number(people) + (large === "1" ? 500 : 0),
    };
    if (iata.startsWith(">")) {
      later.push({ near: iata.slice(1), place });
      continue;
    }
    byCode.set(iata, place);
    const metro = metroOf.get(iata);
    const id = metro ?? `${city}|${region}|${country}`;
    const known = cities.get(id);
    if (known && metro !== undefined) {
      const weight = Math.max(known.weight, place.weight) + 1_000;
      const isMain = airportOf(metro) === iata;
      // Its main airport says where a city lies.
      const main = isMain && { ...place, code: metro, name: METRO_NAMES[metro] ?? city };
      Object.assign(known, main, { weight });
    } else if (known) {
      if (place.weight > known.weight) {
        known.weight = place.weight;
        known.code = iata;
      }
    } else {
      cities.set(id, {
        ...place,
        code: metro ?? iata,
        name: (metro && METRO_NAMES[metro]) ?? city,
      });
    }
    const mine = cities.get(id) as Known;
    cityOf.set(iata, mine);
    cityOf.set(mine.code, mine);
    name(city, mine);
  }
  for (const city of cities.values()) {
    name(city.name, city);
    if (!byCode.has(city.code)) byCode.set(city.code, city);
  }
  for (const { near, place } of later) {
    const served = byCode.get(near);
    if (served) name(place.name, { ...place, code: near });
  }
  for (const [code, aliases] of Object.entries(ALIASES)) {
    const place = cityOf.get(code)?.code === code ? cityOf.get(code) : byCode.get(code);
    for (const alias of place ? aliases.split("|") : []) byName.set(alias, [place as Known]);
  }
  for (const [code, names] of Object.entries(FOREIGN_NAMES)) {
    const place = cityOf.get(code)?.code === code ? cityOf.get(code) : byCode.get(code);
    for (const each of place ? names.split("|") : [])
      if (!byName.has(each)) byName.set(each, [place as Known]);
  }
  for (const named of byName.values()) named.sort((a, b) => b.weight - a.weight);
  return { byName, byCode, cityOf };
}

let regionNames: Intl.DisplayNames | null = null;

/** What a country is called. @param code - ISO 3166, two letters */
export function countryName(code: string): string {
  regionNames ??= new Intl.DisplayNames("en", { type: "region" });
  return regionNames.of(code) ?? code;
}

/** Names of countries, and what else they are called, to their codes. */
function countryCodes(): Map<string, string> {
  if (countries) return countries;
  countries = new Map();
  const codes = new Set(lines.map((line) => line.split("|")[3] ?? ""));
  for (const code of codes) countries.set(wordsOf(countryName(code)), code);
  for (const [code, aliases] of Object.entries(COUNTRY_ALIASES))
    for (const alias of aliases.split("|")) countries.set(alias, code);
  return countries;
}

/** The country that a text names, as a code and a name: not a place to fly to, but a hint at some. */
export function countryIn(text: string): { code: string; name: string } | null {
  const words = wordsIn(plainText(text));
  for (let size = 4; size >= 1; size -= 1) {
    for (let at = 0; at + size <= words.length; at += 1) {
      const name = words
        .slice(at, at + size)
        .map((word) => word.text)
        .join(" ");
      const code = name.length > 2 ? countryCodes().get(name) : undefined;
      if (code) return { code, name: countryName(code) };
    }
  }
  return null;
}

/** The largest cities of a country, for a question that names some. */
export const citiesOf = (country: string, most: number): Place[] =>
  [...new Set(gazetteer().cityOf.values())]
    .filter((place) => place.country === country)
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, most);

export const placeByCode = (code: string): Place | null => {
  const { byCode, cityOf } = gazetteer();
  const city = cityOf.get(code);
  return (city?.code === code ? city : byCode.get(code)) ?? null;
};

/** The city that a place is, or lies in. */
export const cityOf = (code: string): Place | null =>
  gazetteer().cityOf.get(code) ?? placeByCode(code);

/** The airport of a city that most of its flights go by. */
export const airportOf = (code: string): string => METROS[code]?.split(" ")[0] ?? code;

/** The places that a text names, in order. */
export function placesIn(text: string): PlaceMention[] {
  const plain = plainText(text);
  const words = wordsIn(plain);
  const found: PlaceMention[] = [];
  for (let at = 0; at < words.length;) {
    const mention = placeAt(text, plain, words, at);
    if (!mention) {
      at += 1;
      continue;
    }
    found.push(mention.found);
    at = mention.next;
  }
  return found;
}

const NAME_WORDS = 5;

function placeAt(
  text: string,
  plain: string,
  words: readonly Word[],
  at: number,
): { found: PlaceMention; next: number } | null {
  const first = words[at] as Word;
  for (let size = Math.min(NAME_WORDS, words.length - at); size >= 1; size -= 1) {
    const last = words[at + size - 1] as Word;
    if (!isTogether(plain, words.slice(at, at + size))) continue;
    const name = words
      .slice(at, at + size)
      .map((word) => word.text)
      .join(" ");
    const named = gazetteer().byName.get(name);
    if (!named || !isMeant(text, words, at, last.end)) continue;
    const qualified = qualify(text, plain, words, at + size, named);
    const [place, ...namesakes] = qualified.places;
    if (!place) continue;
    // Larger by far, it is the one that is meant.
    const others = namesakes.filter(({ weight }) => weight * 3 > place.weight);
    const end = qualified.next > at + size ? (words[qualified.next - 1] as Word).end : last.end;
    return { found: { start: first.start, end, place, others }, next: qualified.next };
  }
  const airport = codeAt(text, plain, words, at);
  if (!airport) return null;
  return {
    found: { start: first.start, end: first.end, place: airport, others: [] },
    next: at + 1,
  };
}

const isTogether = (plain: string, words: readonly Word[]): boolean =>
  words.every((word, index) => {
    const before = words[index - 1];
    return !before || /^[\s.'-]*$/.test(plain.slice(before.end, word.start));
  });

/** Whether a name that is also a word is written like a name, and not at the beginning of a longer sentence. */
function isMeant(text: string, words: readonly Word[], at: number, end: number): boolean {
  const { start } = words[at] as Word;
  const written = text.slice(start, end);
  if (!EVERYDAY.test(plainText(written))) return true;
  if (words.length <= 2) return true;
  const before = text.slice(0, start);
  if (/\b(?:from|to|into)\s+$/i.test(before) && ENDS.test(text.slice(end))) return true;
  const isUpper = /^\p{Lu}/u.test(written) && !isShouted(text);
  if (/^\p{Lu}{2,3}$/u.test(written)) return isUpper;
  return isUpper && !/(^|[.!?]\s*)$/.test(before);
}

/** Takes a state or a country behind a name along: "Portland, OR", "London UK". @returns the places that it leaves */
function qualify(
  text: string,
  plain: string,
  words: readonly Word[],
  from: number,
  named: readonly Known[],
): { places: readonly Known[]; next: number } {
  let places = named;
  let next = from;
  for (let round = 0; round < 2; round += 1) {
    const before = words[next - 1] as Word;
    const here = next;
    for (let size = 3; size >= 1 && next === here; size -= 1) {
      const part = words.slice(here, here + size);
      const [first] = part;
      const last = part.at(-1);
      if (part.length < size || !first || !last || !isTogether(plain, part)) continue;
      const between = plain.slice(before.end, first.start);
      if (!/^(\s*,\s*|\s*\(|\s+)$/.test(between)) continue;
      const name = part.map((word) => word.text).join(" ");
      const written = text.slice(first.start, last.end);
      const isShort = name.length <= 3;
      const isWritten = written === written.toUpperCase() || between.includes(",");
      if (isShort && !isWritten) continue;
      const left = places.filter((place) => liesIn(place, name));
      if (left.length === 0) continue;
      places = left;
      next = here + size;
    }
    if (next === here) break;
  }
  return { places, next };
}

function liesIn({ region, country }: Known, name: string): boolean {
  const isRegion =
    region !== "" &&
    (region.toLowerCase() === name || (REGIONS[region] ?? "").split("|").includes(name));
  return isRegion || countryCodes().get(name) === country;
}

function codeAt(
  text: string,
  plain: string,
  words: readonly Word[],
  at: number,
): Known | undefined {
  const { text: word, start, end } = words[at] as Word;
  if (!/^[a-z]{3}$/.test(word)) return undefined;
  const airport = gazetteer().byCode.get(word.toUpperCase());
  if (!airport) return undefined;
  const before = plain.slice(0, start);
  const isCued =
    CODE_CUES.test(before) || /[-–→>]\s*$/.test(before) || LEADS_ON.test(text.slice(end));
  const isUpper = text.slice(start, end) === word.toUpperCase();
  const isLarge = airport.weight >= 500;
  if (WORDS.test(word)) {
    const isCode = isUpper && (isLarge || isCued) && !isShouted(text);
    const next = words[at + 1]?.text ?? "";
    const isPair =
      /^[a-z]{3}$/.test(next) && !WORDS.test(next) && gazetteer().byCode.has(next.toUpperCase());
    const leadsOn = isPair || LEADS_ON.test(text.slice(end));
    return isCode || (isUpper && isLarge && leadsOn) ? airport : undefined;
  }
  return isUpper || (isLarge && (isCued || words.length <= 3)) ? airport : undefined;
}

/** Written in capitals for the most part: then they say nothing of a word. */
export const isShouted = (text: string): boolean =>
  text.replaceAll(/[^\p{Lu}]/gu, "").length > text.replaceAll(/[^\p{Ll}]/gu, "").length;

/** The distance between two places on the globe, in km. */
export function distanceKm(from: Place, to: Place): number {
  const rad = Math.PI / 180;
  const cos =
    Math.sin(from.lat * rad) * Math.sin(to.lat * rad) +
    Math.cos(from.lat * rad) * Math.cos(to.lat * rad) * Math.cos((from.lon - to.lon) * rad);
  return 6_371 * Math.acos(Math.min(1, Math.max(-1, cos)));
}

/** The city with flights that is nearest to a point, large airports preferred. */
export function nearestCity(at: { lat: number; lon: number }): Place {
  const here: Place = { code: "", name: "", region: "", country: "", ...at };
  const [nearest] = [...new Set(gazetteer().cityOf.values())]
    .map((place) => ({ place, km: distanceKm(here, place) - (place.weight >= 500 ? 60 : 0) }))
    .toSorted((a, b) => a.km - b.km);
  return (nearest as { place: Known }).place;
}

import { FOREIGN_NAMES } from "./foreign-place-names.ts";
import { ALIASES, COUNTRY_ALIASES, METROS, METRO_NAMES } from "./place-names.ts";
import { plainText } from "./plain-text.ts";
import lines from "./places.json" with { type: "json" };

/** Where a flight can begin or end: a city with all its airports, or one airport. */
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

/** A place of the gazetteer. */
export interface Known extends Place {
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

let built: Gazetteer | null = null;
let countries: Map<string, string> | null = null;

export interface Word {
  text: string;
  start: number;
  end: number;
}

export const wordsIn = (plain: string): Word[] =>
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

/** The packaged places, by name and by code. Built when it is first needed. */
export function gazetteer(): Gazetteer {
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

/** The name of a country. @param code - ISO 3166, two letters */
export function countryName(code: string): string {
  regionNames ??= new Intl.DisplayNames("en", { type: "region" });
  return regionNames.of(code) ?? code;
}

/** Names of countries, and what else they are called, to their codes. */
export function countryCodes(): Map<string, string> {
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

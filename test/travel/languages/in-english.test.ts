import { describe, expect, inject, it } from "vitest";

import { datesIn } from "../../../src/travel/dates/dates-in.ts";
import { inEnglish } from "../../../src/travel/languages/in-english.ts";
import { EMPTY_TRIP } from "../../../src/travel/slots.ts";
import { FLIGHTS } from "../../../src/travel/topic.ts";
import { understand } from "../../../src/travel/understand.ts";

/** A Wednesday. */
const NOW = Date.parse("2026-11-25T12:00:00Z");

/** What is understood of one message. */
function tripOf(text: string) {
  const heard = { text: inEnglish(text), now: NOW, said: null, trip: EMPTY_TRIP, topic: FLIGHTS };
  const { patch, unsure } = understand({ ...heard, dayOrder: null });
  expect(unsure).toEqual([]);
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null));
}

describe("a trip", () => {
  it.each<[string, object]>([
    [
      "Quiero volar de Madrid a Londres mañana",
      { origin: "MAD", destination: "LON", departure_date: "2026-11-26" },
    ],
    [
      "dos billetes de Bogotá a Ciudad de México para pasado mañana, solo ida",
      {
        origin: "BOG",
        destination: "MEX",
        departure_date: "2026-11-27",
        passengers: 2,
        kind: "one_way",
      },
    ],
    [
      "Vuelo de ida y vuelta a Nueva York el viernes antes de Navidad, vuelta el 3 de enero",
      {
        destination: "NYC",
        departure_date: "2026-12-18",
        return_date: "2027-01-03",
        kind: "round_trip",
      },
    ],
    [
      "Salgo de Sevilla el 20 y vuelvo el 28, sin escalas",
      {
        origin: "SVQ",
        departure_date: "2026-12-20",
        return_date: "2026-12-28",
        kind: "round_trip",
        direct_only: true,
      },
    ],
    [
      "Quero voar de Lisboa para Londres amanhã",
      { origin: "LIS", destination: "LON", departure_date: "2026-11-26" },
    ],
    [
      "ida e volta de São Paulo para Nova York, saindo dia 20 e voltando dia 28, duas pessoas",
      {
        origin: "SAO",
        destination: "NYC",
        departure_date: "2026-12-20",
        return_date: "2026-12-28",
        kind: "round_trip",
        passengers: 2,
      },
    ],
    [
      "Ich möchte von Berlin nach Rom fliegen, am Freitag vor Weihnachten, zurück am 3. Januar, zu zweit",
      {
        origin: "BER",
        destination: "ROM",
        departure_date: "2026-12-18",
        return_date: "2027-01-03",
        kind: "round_trip",
        passengers: 2,
      },
    ],
    [
      "hin und zurück München - New York am 20.12., zurück am 4.1.",
      {
        origin: "MUC",
        destination: "NYC",
        departure_date: "2026-12-20",
        return_date: "2027-01-04",
        kind: "round_trip",
      },
    ],
    [
      "Je voudrais un vol de Paris à Lyon demain, aller simple",
      { origin: "PAR", destination: "LYS", departure_date: "2026-11-26", kind: "one_way" },
    ],
    [
      "aller-retour Genève Lisbonne, départ le 20 décembre, retour le 3 janvier, pour deux personnes",
      {
        origin: "GVA",
        destination: "LIS",
        departure_date: "2026-12-20",
        return_date: "2027-01-03",
        kind: "round_trip",
        passengers: 2,
      },
    ],
  ])("%s", (text, trip) => {
    expect(tripOf(text)).toEqual(trip);
  });
});

it.each([
  "Boston to Nice tomorrow",
  "flights to Los Angeles on May 5 for two",
  "from La Paz to El Paso, leaving the 20th",
  "Is it direct?",
  "I want to die of laughter",
  "Porto - Nice",
  "",
])("%s is English, and left as it is", (text) => {
  expect(inEnglish(text)).toBe(text);
});

interface Wording {
  weekdays: string[];
  months: string[];
  holidays: Record<string, string>;
  before: (weekday: string, holiday: string) => string;
  after: (weekday: string, holiday: string) => string;
  nth: ((weekday: string, month: string) => string)[];
  range: (first: number, last: number, month: string) => string;
  others: [text: string, english: string][];
}

const ENGLISH: Wording = {
  weekdays: "sunday monday tuesday wednesday thursday friday saturday".split(" "),
  months:
    "january february march april may june july august september october november december".split(
      " ",
    ),
  holidays: { christmas: "christmas", easter: "easter", newYear: "new year" },
  before: (weekday, holiday) => `on the ${weekday} before ${holiday}`,
  after: (weekday, holiday) => `on the ${weekday} after ${holiday}`,
  nth: [
    (weekday, month) => `the first ${weekday} of ${month}`,
    (weekday, month) => `the last ${weekday} of ${month}`,
  ],
  range: (first, last, month) => `from the ${first}th to the ${last}th of ${month}`,
  others: [],
};

const LANGUAGES: Record<string, Wording> = {
  Spanish: {
    weekdays: "domingo lunes martes miércoles jueves viernes sábado".split(" "),
    months:
      "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(
        " ",
      ),
    holidays: { christmas: "Navidad", easter: "Pascua", newYear: "Año Nuevo" },
    before: (weekday, holiday) => `el ${weekday} antes de ${holiday}`,
    after: (weekday, holiday) => `el ${weekday} después de ${holiday}`,
    nth: [
      (weekday, month) => `el primer ${weekday} de ${month}`,
      (weekday, month) => `el último ${weekday} de ${month}`,
    ],
    range: (first, last, month) => `del ${first} al ${last} de ${month}`,
    others: [
      ["mañana", "tomorrow"],
      ["pasado mañana", "the day after tomorrow"],
      ["dentro de dos semanas", "in two weeks"],
      ["el próximo viernes", "next friday"],
      ["la semana que viene", "next week"],
    ],
  },
  Portuguese: {
    weekdays: [
      "domingo",
      "segunda-feira",
      "terça-feira",
      "quarta-feira",
      "quinta-feira",
      "sexta-feira",
      "sábado",
    ],
    months:
      "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(
        " ",
      ),
    holidays: { christmas: "Natal", easter: "Páscoa", newYear: "Ano Novo" },
    before: (weekday, holiday) => `na ${weekday} antes do ${holiday}`,
    after: (weekday, holiday) => `na ${weekday} depois do ${holiday}`,
    nth: [
      (weekday, month) => `na primeira ${weekday} de ${month}`,
      (weekday, month) => `na última ${weekday} de ${month}`,
    ],
    range: (first, last, month) => `do dia ${first} ao dia ${last} de ${month}`,
    others: [
      ["amanhã", "tomorrow"],
      ["depois de amanhã", "the day after tomorrow"],
      ["daqui a duas semanas", "in two weeks"],
      ["na próxima sexta", "next friday"],
      ["na semana que vem", "next week"],
    ],
  },
  German: {
    weekdays: "Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag".split(" "),
    months:
      "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(
        " ",
      ),
    holidays: { christmas: "Weihnachten", easter: "Ostern", newYear: "Neujahr" },
    before: (weekday, holiday) => `am ${weekday} vor ${holiday}`,
    after: (weekday, holiday) => `am ${weekday} nach ${holiday}`,
    nth: [
      (weekday, month) => `am ersten ${weekday} im ${month}`,
      (weekday, month) => `der letzte ${weekday} im ${month}`,
    ],
    range: (first, last, month) => `vom ${first}. bis ${last}. ${month}`,
    others: [
      ["morgen", "tomorrow"],
      ["übermorgen", "the day after tomorrow"],
      ["in zwei Wochen", "in two weeks"],
      ["nächsten Freitag", "next friday"],
      ["nächste Woche", "next week"],
    ],
  },
  French: {
    weekdays: "dimanche lundi mardi mercredi jeudi vendredi samedi".split(" "),
    months:
      "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(
        " ",
      ),
    holidays: { christmas: "Noël", easter: "Pâques", newYear: "le Nouvel An" },
    before: (weekday, holiday) => `le ${weekday} avant ${holiday}`,
    after: (weekday, holiday) => `le ${weekday} après ${holiday}`,
    nth: [
      (weekday, month) => `le premier ${weekday} de ${month}`,
      (weekday, month) => `le dernier ${weekday} de ${month}`,
    ],
    range: (first, last, month) => `du ${first} au ${last} ${month}`,
    others: [
      ["demain", "tomorrow"],
      ["après-demain", "the day after tomorrow"],
      ["dans deux semaines", "in two weeks"],
      ["vendredi prochain", "next friday"],
      ["la semaine prochaine", "next week"],
    ],
  },
};

/** The same phrases in one language, in the same order. */
function phrasesOf(wording: Wording): string[] {
  const { weekdays, months, holidays } = wording;
  return [
    ...weekdays.flatMap((weekday) => [
      ...Object.values(holidays).flatMap((holiday) => [
        wording.before(weekday, holiday),
        wording.after(weekday, holiday),
      ]),
      ...months.flatMap((month) => wording.nth.map((say) => say(weekday, month))),
    ]),
    ...months.map((month) => wording.range(20, 28, month)),
  ];
}

const ALL = [
  "2026-11-25",
  "2026-12-24",
  "2026-12-31",
  "2027-01-01",
  "2027-03-14",
  "2027-03-28",
  "2027-06-30",
  "2027-10-31",
  "2027-11-07",
  "2028-02-28",
  "2028-02-29",
  "2028-07-04",
];
/** `npm run test:large` takes all of them. */
const TODAYS = inject("isLarge") ? ALL : ALL.filter((_, index) => index % 8 === 3);

const foundDays = new Map<string, string>();
/** As JSON. All languages say the same phrases of English, and most say the same in it. */
function daysIn(english: string, today: string): string {
  const key = `${today} ${english}`;
  const days =
    foundDays.get(key) ??
    JSON.stringify(
      datesIn(english, Date.parse(`${today}T12:00:00Z`)).map(({ day, until, isVague }) => ({
        day,
        until,
        isVague,
      })),
    );
  foundDays.set(key, days);
  return days;
}

describe.each(Object.entries(LANGUAGES))("days in %s", (_, wording) => {
  const english = phrasesOf(ENGLISH);
  const pairs = phrasesOf(wording).map((text, index) => [text, english[index] ?? ""] as const);
  const all = [...pairs, ...wording.others].map(
    ([text, right]) => [text, inEnglish(text), right] as const,
  );

  it.each(TODAYS)("are those of the English phrases, on %s", (today) => {
    const wrong = all.flatMap(([text, translated, right]) => {
      const found = daysIn(translated, today);
      return found === daysIn(right, today) && found !== "[]"
        ? []
        : [`${text} → ${translated} → ${found}, ${right}`];
    });
    expect(wrong).toEqual([]);
  });
});

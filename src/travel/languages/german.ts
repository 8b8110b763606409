import { wordTable } from "./language.ts";
import type { Language } from "./language.ts";

const WEEKDAY = "(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)s?";
const MONTH =
  "(?:januar|janner|februar|marz|maerz|april|mai|juni|juli|august|september|oktober|november|dezember)";
const HOLIDAY = "(?:weihnachten|ostern|pfingsten|neujahr|silvester|heiligabend)";
const NUMBER = "(?:einem?|einer|eine?|zwei|drei|vier|funf|fuenf|sechs|\\d+)";

export const GERMAN: Language = {
  name: "de",
  phrases: [
    [/\b(\d{1,2})\. (?=(?:und|bis|-|–|zum|ab)\b|$|[-–]|uber)/g, "$1th "],
    [new RegExp(`\\b(\\d{1,2})\\. ?(?=${MONTH})`, "g"), "$1th "],
    [/\b(am|dem|den|zum|bis) (\d{1,2})\.(?!\d)/g, "$1 $2th"],
    [/\b(?:ubermorgen|uebermorgen)\b/g, "day after tomorrow"],
    [/\bmorgen (?:fruh|frueh|vormittag)\b/g, "tomorrow morning"],
    [/\bheute abend\b/g, "tonight"],
    [/\b(?:ubernachste|uebernaechste)n? woche\b/g, "the week after next"],
    [/\b(?:ubernachstes|uebernaechstes) wochenende\b/g, "the weekend after next"],
    [new RegExp(`\\b(?:am )?(${WEEKDAY}) in (${NUMBER}) wochen?\\b`, "g"), "$2 weeks on $1"],
    [new RegExp(`\\bnach (?=${HOLIDAY}|dem |der |den )`, "g"), "after "],
    [new RegExp(`\\b(${WEEKDAY}) (?:nachste|naechste|kommende)r? woche\\b`, "g"), "$1 next week"],
    [
      new RegExp(`\\b(${WEEKDAY}),? (?:den |dem )?(?=\\d{1,2}(?:th|\\b(?!\\.\\d)))`, "g"),
      "$1 the ",
    ],
    [new RegExp(`\\b(${NUMBER}) (tage?|wochen?) (?:spater|spaeter|danach)\\b`, "g"), "$1 $2 later"],
    [
      new RegExp(`\\b(${NUMBER}) (tage?|wochen?) (?:fruher|frueher|vorher)\\b`, "g"),
      "$1 $2 earlier",
    ],
    [/\bhin und (?:zuruck|zurueck|ruckflug)\b/g, "round trip"],
    [/\b(?:nur (?:hin|hinflug|einfach)|einfache[rn]? (?:flug|fahrt)|oneway)\b/g, "one way"],
    [/\bohne (?:zwischenstopps?|umstieg|umsteigen)\b/g, "nonstop"],
    [/\b(?:ich |wir )?(?:mochten?|moechten?|wollen|will|brauchen?|suchen?)\b/g, "i want"],
    [/\bzu zweit\b/g, "two people"],
    [/\bzu dritt\b/g, "three people"],
    [/\bzu viert\b/g, "four people"],
    [
      /\bmit meiner (?:frau|freundin|partnerin)|\bmit meinem (?:mann|freund|partner)/g,
      "with my wife",
    ],
    [/\b(?:karfreitag)\b/g, "good friday"],
    [/\bostermontag\b/g, "easter monday"],
    [/\bostersonntag\b/g, "easter sunday"],
    [/\bpfingstmontag\b/g, "whit monday"],
    [/\b(?:business ?class|geschaftsklasse)\b/g, "business class"],
    [/\berste klasse\b/g, "first class"],
    [/\bab heute\b/g, "from today"],
    [/\bvon heute an\b/g, "from today"],
    [/\bam wochenende\b/g, "the weekend"],
    [/\bder (?=erste|zweite|dritte|vierte|letzte)/g, "the "],
  ],
  words: wordTable(`
hallo|guten tag = hello
ja = yes
danke = thanks
hilfe = help
heute = today
morgen = tomorrow
montag = monday
dienstag = tuesday
mittwoch = wednesday
donnerstag = thursday
freitag = friday
samstag|sonnabend = saturday
sonntag = sunday
januar|janner = january
februar = february
marz|maerz = march
mai = may
juni = june
juli = july
oktober = october
dezember = december
weihnachten = christmas
heiligabend = christmas eve
silvester = new year's eve
neujahr = new year
ostern = easter
pfingsten = pentecost
erste|ersten|erster|erstes = first
zweite|zweiten|zweiter|zweites = second
dritte|dritten|dritter|drittes = third
vierte|vierten|vierter|viertes = fourth
letzte|letzten|letzter|letztes = last
nachste|nachsten|nachster|nachstes|naechste|naechsten|naechstes|kommende|kommenden|kommendes = next
diese|diesen|dieser|dieses = this
ein|eine|einen|einem|einer = a
zwei = two
drei = three
vier = four
funf|fuenf = five
sechs = six
sieben = seven
acht = eight
neun = nine
zehn = ten
tag = day
tage|tagen = days
woche = week
wochen = weeks
monat = month
monate|monaten = months
nachte|naechte = nights
wochenende = weekend
vor = before
zwischen = between
und = and
oder = or
der|die|das|den|dem = the
von|vom|ab|aus = from
nach = to
bis = until
zum = to the
am = on
im = in
fur|fuer = for
fliegen|fliege = fly
flug = flight
fluge|fluege = flights
reisen|reise = travel
abflug|hinflug|losfliegen|abreise = departure
ruckflug|rueckflug|zuruck|zurueck|ruckreise|ruckkehr = returning
ticket = ticket
personen|leute = people
person = person
erwachsene|erwachsenen = adults
kinder = children
direkt|direktflug = direct
mit = with
meine = my
`),
  shared: new Set([
    "am",
    "die",
    "den",
    "das",
    "im",
    "ticket",
    "person",
    "kinder",
    "mit",
    "ab",
    "ja",
    "tag",
    "juli",
    "juni",
    "mai",
    "das",
    "will",
    "september",
    "april",
    "august",
    "november",
    "acht",
    "vier",
    "business class",
    "reise",
  ]),
};

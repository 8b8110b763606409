import { wordTable } from "./language.ts";
import type { Language } from "./language.ts";

const WEEKDAY = "(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)";
const MONTH =
  "(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)";
const NUMBER = "(?:une?|deux|trois|quatre|cinq|six|\\d+)";

export const FRENCH: Language = {
  name: "fr",
  phrases: [
    [/\b1er\b/g, "1st"],
    [new RegExp(`\\b(${MONTH}) (?=20\\d\\d)`, "g"), "$1 "],
    [/\bapres-demain\b/g, "day after tomorrow"],
    [/\baujourd'hui\b/g, "today"],
    [/\bce soir\b/g, "tonight"],
    [/\b(?:le |du )(?:matin|soir)\b/g, "in the morning"],
    [/\bweek-end\b/g, "weekend"],
    [new RegExp(`\\b(?:l[ea] )?(${WEEKDAY}|semaine|mois|weekend) prochaine?\\b`, "g"), "next $1"],
    [/\bl[ea] (?:semaine|weekend) d'apres\b/g, "the week after next"],
    [new RegExp(`\\b(${WEEKDAY}) (?=\\d{1,2}\\b)`, "g"), "$1 the "],
    [
      new RegExp(`\\b((?:premi|derni|deuxi|troisi|quatri)\\w*) (${WEEKDAY}) (?:de|du) `, "g"),
      "$1 $2 of ",
    ],
    [new RegExp(`\\b(${WEEKDAY}) en (huit|quinze)\\b`, "g"), "$1 week"],
    [/\bjusqu'(?:au|a)\b/g, "until"],
    [
      new RegExp(
        `\\b(${NUMBER}) (jours?|semaines?) (?:plus tard|apres)\\b(?! (?:noel|paques|le|la))`,
        "g",
      ),
      "$1 $2 later",
    ],
    [new RegExp(`\\b(${NUMBER}) (jours?|semaines?) plus tot\\b`, "g"), "$1 $2 earlier"],
    [/\ba partir d'today\b/g, "from today"],
    [/\baller[- ]retour\b/g, "round trip"],
    [/\baller[- ]simple\b/g, "one way"],
    [/\bsans escales?\b/g, "nonstop"],
    [/\b(?:je |nous )?(?:voudrais|voudrions|veux|voulons|cherche|cherchons)\b/g, "i want"],
    [/\bj'ai besoin d[e'] ?/g, "i want "],
    [/\bclasse affaires?\b/g, "business class"],
    [/\bpremiere classe\b/g, "first class"],
    [/\bclasse economique\b/g, "economy"],
    [
      /\bavec ma (?:femme|copine|compagne)\b|\bavec mon (?:mari|copain|compagnon)\b/g,
      "with my wife",
    ],
    [/\breveillon de noel\b/g, "christmas eve"],
    [/\bsaint-sylvestre\b/g, "new year's eve"],
    [/\b(?:le )?(?:jour de l'an|nouvel an)\b/g, "new year"],
    [/\bvendredi saint\b/g, "good friday"],
    [/\blundi de paques\b/g, "easter monday"],
    [/\bpour (?=\d|une?\b|deux|trois|quatre|cinq|six)/g, "for "],
  ],
  words: wordTable(`
bonjour|salut = hello
oui = yes
merci = thanks
aide = help
demain = tomorrow
lundi = monday
mardi = tuesday
mercredi = wednesday
jeudi = thursday
vendredi = friday
samedi = saturday
dimanche = sunday
janvier = january
fevrier = february
mars = march
avril = april
mai = may
juin = june
juillet = july
aout = august
septembre = september
octobre = october
novembre = november
decembre = december
noel = christmas
paques = easter
toussaint = all saints day
premier|premiere = first
deuxieme = second
troisieme = third
quatrieme = fourth
dernier|derniere = last
prochain|prochaine = next
ce|cet|cette = this
un|une = a
deux = two
trois = three
quatre = four
cinq = five
sept = seven
huit = eight
neuf = nine
dix = ten
jour = day
jours = days
semaine = week
semaines = weeks
mois = month
nuits = nights
avant = before
apres = after
entre = between
et = and
ou = or
le|la|les = the
du = from the
au = to the
de|depuis = from
a|vers = to
en|dans = in
pour = to
pendant|durant = for
aller|vais|allons = go
voyager|voyage = travel
voler = fly
vol = flight
vols = flights
billet = ticket
billets|places = tickets
partir|pars|partons|partant|depart = leaving
revenir|reviens|revenons|rentrer|rentre|rentrons|retour = returning
personne = person
personnes = people
passager = passenger
passagers = passengers
adultes = adults
enfants = children
direct|directs = direct
avec = with
`),
  shared: new Set([
    "a",
    "la",
    "le",
    "les",
    "de",
    "en",
    "ou",
    "un",
    "et",
    "ce",
    "pour",
    "mars",
    "mai",
    "direct",
    "places",
    "entre",
    "sept",
    "six",
    "aide",
    "voyage",
    "vol",
    "places",
    "aller",
    "depart",
    "noel",
    "dix",
  ]),
};

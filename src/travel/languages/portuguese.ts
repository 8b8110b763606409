import { wordTable } from "./language.ts";
import type { Language } from "./language.ts";

const MONTH =
  "(?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro)";
const WEEKDAY = "(?:segunda|terca|quarta|quinta|sexta|sabado|domingo)(?:-feira)?";

export const PORTUGUESE: Language = {
  name: "pt",
  phrases: [
    [new RegExp(`\\b(\\d{1,2}|primeiro) de (?=${MONTH})`, "g"), "$1 of "],
    [new RegExp(`\\b(${MONTH}) de (?=20\\d\\d)`, "g"), "$1 "],
    [/\bdepois de amanha\b/g, "day after tomorrow"],
    [/\b(?:de|da|pela) manha\b/g, "in the morning"],
    [/\b(?:a|da|pela|de) (?:tarde|noite)\b/g, "in the evening"],
    [/\bfi(?:m|ns) de semana\b/g, "weekend"],
    [
      new RegExp(
        `\\b(?:n?[oa] )?(${WEEKDAY}|semana|mes|weekend) (?:que vem|seguinte|proxim[oa])\\b`,
        "g",
      ),
      "next $1",
    ],
    [new RegExp(`\\b(?:n?[oa] )?proxim[oa] (${WEEKDAY}|semana|mes|weekend)\\b`, "g"), "next $1"],
    [
      new RegExp(
        `\\b(primeir[oa]|segund[oa]|terceir[oa]|quart[oa]|ultim[oa]) (${WEEKDAY}) d[eo]s? `,
        "g",
      ),
      "$1 $2 of ",
    ],
    [/\b(?:segundo|segunda) (?=segunda|terca|quarta|quinta|sexta|sabado|domingo)/g, "second "],
    [/\b(?:quarto|quarta) (?=segunda|terca|quarta|quinta|sexta|sabado|domingo)/g, "fourth "],
    [/\bsegunda(?:-feira)?\b/g, "monday"],
    [/\bterca(?:-feira)?\b/g, "tuesday"],
    [/\bquarta(?:-feira)?\b/g, "wednesday"],
    [/\bquinta(?:-feira)?\b/g, "thursday"],
    [/\bsexta(?:-feira)?\b/g, "friday"],
    [/\b((?:mon|tues|wednes|thurs|fri)day|sabado|domingo) (?=\d{1,2}\b)/g, "$1 the "],
    [/\b(?:n?[oa] )?dia (?=\d)/g, "the "],
    [/\bdo dia (?=\d)/g, "from the "],
    [/\b(?:ao|ate o|ate ao) dia (?=\d)/g, "to the "],
    [/\b(?:daqui a|dentro de)\b/g, "in"],
    [/\bantes d[eoa] ?/g, "before "],
    [/\b(?:depois d[eoa]|apos(?: [oa])?) ?/g, "after "],
    [
      /\b(um|uma|dois|duas|tres|quatro|cinco|\d+) (dias?|semanas?) (?:mais tarde|depois)\b/g,
      "$1 $2 later",
    ],
    [/\b(um|uma|dois|duas|tres|quatro|cinco|\d+) (dias?|semanas?) antes\b(?! d)/g, "$1 $2 earlier"],
    [/\ba partir de hoje\b/g, "from today"],
    [/\bida e volta\b/g, "round trip"],
    [/\bso (?:de )?ida\b/g, "one way"],
    [/\b(?:eu )?(?:gostaria de|quero|queremos|queria|preciso de|preciso|procuro)\b/g, "i want"],
    [/\bsem (?:escalas?|paradas?)\b/g, "nonstop"],
    [/\b(?:classe )?executiva\b/g, "business class"],
    [/\bprimeira classe\b/g, "first class"],
    [/\bvespera de natal\b/g, "christmas eve"],
    [/\bvespera de ano novo|\breveillon\b/g, "new year's eve"],
    [/\bano novo\b/g, "new year"],
    [/\bsexta-feira santa\b/g, "good friday"],
    [/\bcom (?:a )?minha (?:esposa|mulher|namorada)\b/g, "with my wife"],
    [/\bpara (?=\d|um|dois|duas|tres|quatro|cinco|seis)/g, "for "],
  ],
  words: wordTable(`
ola|oi = hello
sim = yes
obrigado|obrigada = thanks
ajuda = help
hoje = today
amanha = tomorrow
sabado = saturday
domingo = sunday
janeiro = january
fevereiro = february
marco = march
abril = april
maio = may
junho = june
julho = july
agosto = august
setembro = september
outubro = october
novembro = november
dezembro = december
natal = christmas
pascoa = easter
primeiro|primeira = first
segundo = second
terceiro|terceira = third
quarto = fourth
ultimo|ultima = last
proximo|proxima = next
este|esta|neste|nesta = this
um|uma = a
dois|duas = two
tres = three
quatro = four
cinco = five
seis = six
sete = seven
oito = eight
nove = nine
dez = ten
dia = day
dias = days
semana = week
semanas = weeks
mes = month
meses = months
noites = nights
antes = before
depois = after
entre = between
e = and
ou = or
o|os|as = the
no|na|nos|nas|em = on
do|da|de = from
ao|para|pra|a = to
ate = until
por|durante = for
ir|vou|vamos|viajo|viajar|viagem = travel
voar = fly
voo = flight
voos = flights
passagem|bilhete = ticket
passagens|bilhetes = tickets
sair|saio|saindo|partida|partir|saida = leaving
voltar|volto|volta|voltando|regresso|retorno|retornar = returning
pessoa = person
pessoas = people
passageiros = passengers
adultos = adults
criancas = children
direto|diretos = direct
economica = economy
com = with
`),
  shared: new Set([
    "a",
    "o",
    "e",
    "no",
    "na",
    "do",
    "da",
    "de",
    "em",
    "as",
    "os",
    "um",
    "por",
    "este",
    "dia",
    "natal",
    "com",
    "ate",
    "para",
    "ou",
    "entre",
    "tres",
    "abril",
    "julho",
    "domingo",
    "sabado",
    "agosto",
    "volta",
    "segundo",
    "semana",
    "dias",
    "seis",
    "semanas",
    "adultos",
    "economica",
    "proximo",
    "proxima",
  ]),
};

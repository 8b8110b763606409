import { wordTable } from "./language.ts";
import type { Language } from "./language.ts";

const MONTH =
  "(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre)";
const WEEKDAY = "(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo)";

export const SPANISH: Language = {
  name: "es",
  phrases: [
    [new RegExp(`\\b(\\d{1,2}|primero) de (?=${MONTH})`, "g"), "$1 of "],
    [new RegExp(`\\b(${MONTH}) del? (?=20\\d\\d)`, "g"), "$1 "],
    [/\bpasado manana\b/g, "day after tomorrow"],
    [/\b(?:de|por|en) la manana\b/g, "in the morning"],
    [/\b(?:de|por|en) la (?:tarde|noche)\b/g, "in the evening"],
    [/\bfin(?:es)? de semana\b/g, "weekend"],
    [
      new RegExp(
        `\\b(?:el |la )?(${WEEKDAY}|semana|mes|weekend) (?:que viene|proxim[oa]|siguiente)\\b`,
        "g",
      ),
      "next $1",
    ],
    [new RegExp(`\\b(${WEEKDAY}) (?=\\d{1,2}\\b)`, "g"), "$1 the "],
    [
      new RegExp(`\\b((?:primer|segund|tercer|cuart|ultim)[oa]?) (${WEEKDAY}) (?:de|del) `, "g"),
      "$1 $2 of ",
    ],
    [/\b(?:primer|primero) dia\b/g, "first day"],
    [/\bdentro de\b/g, "in"],
    [/\bantes del? ?/g, "before "],
    [/\bdespues del? ?/g, "after "],
    [
      /\b(un|una|dos|tres|cuatro|cinco|\d+) (dias?|semanas?) (?:mas tarde|despues)\b/g,
      "$1 $2 later",
    ],
    [/\b(un|una|dos|tres|cuatro|cinco|\d+) (dias?|semanas?) antes\b(?! de)/g, "$1 $2 earlier"],
    [/\b(?:a partir de|desde) hoy\b/g, "from today"],
    [/\b(?:de )?ida y vuelta\b/g, "round trip"],
    [/\bsolo (?:de )?ida\b/g, "one way"],
    [/\b(?:me gustaria|quisiera|quiero|queremos|necesito|necesitamos|busco)\b/g, "i want"],
    [/\bsin escalas?\b/g, "nonstop"],
    [/\b(?:clase )?(?:ejecutiva|business)\b/g, "business class"],
    [/\b(?:clase )?turista\b/g, "economy"],
    [/\bprimera clase\b/g, "first class"],
    [/\bviernes santo\b/g, "good friday"],
    [/\bsemana santa\b/g, "easter"],
    [/\b(?:fin de ano|nochevieja)\b/g, "new year's eve"],
    [/\bano nuevo\b/g, "new year"],
    [/\bnochebuena\b/g, "christmas eve"],
    [/\bdia de reyes\b/g, "epiphany"],
    [/\b(?:con mi) (?:esposa|mujer|esposo|marido|pareja|novia|novio)\b/g, "with my wife"],
    [/\bel proximo\b/g, "next"],
    [/\bla proxima\b/g, "next"],
    [/\bpara (?=\d|un|dos|tres|cuatro|cinco|seis)/g, "for "],
  ],
  words: wordTable(`
hola|buenas = hello
si = yes
gracias = thanks
ayuda = help
hoy = today
manana = tomorrow
lunes = monday
martes = tuesday
miercoles = wednesday
jueves = thursday
viernes = friday
sabado = saturday
domingo = sunday
enero = january
febrero = february
marzo = march
abril = april
mayo = may
junio = june
julio = july
agosto = august
septiembre|setiembre = september
octubre = october
noviembre = november
diciembre = december
navidad|navidades = christmas
pascua = easter
primer|primero|primera = first
segundo|segunda = second
tercer|tercero|tercera = third
cuarto|cuarta = fourth
ultimo|ultima = last
proximo|proxima = next
este|esta = this
un|una|uno = a
dos = two
tres = three
cuatro = four
cinco = five
seis = six
siete = seven
ocho = eight
nueve = nine
diez = ten
dia = day
dias = days
semana = week
semanas = weeks
mes = month
meses = months
noches = nights
antes = before
despues|tras = after
entre = between
y = and
o = or
el|la|los|las = the
del = from the
al = to the
de|desde = from
a|hacia = to
hasta = until
en = in
para = for
por|durante = for
ir = go
voy|vamos|viajo|viajar|viaje = travel
volar|vuela = fly
vuelo = flight
vuelos = flights
billete|boleto|pasaje = ticket
billetes|boletos|pasajes = tickets
salir|salgo|salimos|saliendo|salida = leaving
volver|vuelvo|volvemos|vuelta|regreso|regresar|regresamos|volviendo|regresando = returning
persona = person
personas = people
pasajero = passenger
pasajeros = passengers
adulto = adult
adultos = adults
ninos = children
directo|directos = direct
economica = economy
mas = more
con = with
mi = my
`),
  shared: new Set([
    "a",
    "me",
    "no",
    "la",
    "el",
    "los",
    "las",
    "de",
    "en",
    "o",
    "y",
    "si",
    "al",
    "del",
    "mas",
    "con",
    "mi",
    "un",
    "por",
    "este",
    "dia",
    "business",
    "marzo",
    "entre",
    "tres",
  ]),
};

import { countryCodes, gazetteer, wordsIn } from "./gazetteer.ts";
import type { Known, Place, Word } from "./gazetteer.ts";
import { EVERYDAY, REGIONS, WORDS } from "./place-names.ts";
import { plainText } from "./plain-text.ts";

/** A place in a text, from `start` to `end`. */
export interface PlaceMention {
  start: number;
  end: number;
  place: Place;
  /** Other places of that name, the likeliest first. */
  others: Place[];
}

const CODE_CUES = /\b(from|to|into|via|for|and|or|out of|leaving|departing|airport|in)\s+$/;

/** Words that follow a place, and hardly another word. */
const ENDS =
  /^\s*(?:$|[.,!?;-]|(?:to|from|on|in|for|and|tomorrow|today|next|this|leaving|returning|\d)\b)/i;
const LEADS_ON = /^\s*(?:to\b|[-–→>])/i;

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

/** Takes a state or a country after a name along: "Portland, OR", "London UK". @returns the places that it leaves */
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

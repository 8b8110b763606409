import { plainText } from "../plain-text.ts";
import { today } from "./calendar.ts";
import type { Day } from "./calendar.ts";
import { readNumericDates } from "./numeric-dates.ts";
import type { DayOrder } from "./numeric-dates.ts";
import { phraseAt } from "./phrases.ts";
import type { Source } from "./reader.ts";
import { isNumericDate, tokensOf } from "./tokens.ts";
import { TRAVELLERS } from "./vocabulary.ts";
import { readByChrono } from "./with-chrono.ts";

/** A day in a text, from `start` to `end`. */
export interface DateMention {
  start: number;
  end: number;
  day: Day;
  /** The last day, where the text names a span. */
  until: Day | null;
  /** The day is a guess: the text names a month, or the phrase is not understood whole. */
  isVague: boolean;
  /** The order that dates in digits were read by. */
  order: DayOrder;
}

/** "A week later" counts from a day that was said: by itself it is none. "24/7" is none either, nor is "2 adults". */
const NO_DAYS = new RegExp(
  `\\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\\d+)? ?(?:days?|weeks?|months?) (?:later|earlier|sooner|longer|more|before that|after that)\\b|\\b24\\/7\\b|\\b\\d ${TRAVELLERS}\\b`,
  "g",
);

/** A rating is no day: "4.5/5", "rated 4/5", "4/5 stars". */
const RATINGS =
  /\b\d[.,]\d\/\d+\b(?![./]\d)|\b(?:rat(?:ed|ing)|scored?|scores|reviews?)(?: (?:of|at|is|above|over|least|from))* \d+\/\d+\b|\b\d+\/\d+ ?(?:stars?|points?)\b/g;

/**
 * The days that a text names, in order: the next ones of that name, unless a year says otherwise.
 *
 * @param country - the order in which the user's country writes dates in digits, where both orders fit
 */
export function datesIn(text: string, now: number, country: DayOrder = null): DateMention[] {
  const plain = plainText(text).replaceAll(RATINGS, (rating) => " ".repeat(rating.length));
  const source = sourceOf(plain, today(now), country);
  const found: DateMention[] = [];
  for (let at = 0; at < source.tokens.length;) {
    const phrase = phraseAt(source, at);
    const first = source.tokens[at];
    const last = phrase && source.tokens[phrase.next - 1];
    if (!phrase || !first || !last) {
      at += 1;
      continue;
    }
    const { day, until, isVague } = phrase;
    const inDigits = [...source.numeric].find(([index]) => index >= at && index < phrase.next);
    found.push({
      start: first.start,
      end: last.end,
      day,
      until,
      isVague,
      order: inDigits?.[1].order ?? null,
    });
    at = phrase.next;
  }
  const rest = found.reduce(
    blank,
    plain.replaceAll(NO_DAYS, (match) => " ".repeat(match.length)),
  );
  const others = readByChrono(rest, now).map((mention) => ({ ...mention, order: null }));
  const all = withoutExcluded(
    plain,
    [...found, ...others].toSorted((a, b) => a.start - b.start),
  );
  const checked = all.map((mention) => ({
    ...mention,
    isVague: mention.isVague || hasLeftOver(plain, mention),
  }));
  return joined(plain, checked);
}

function sourceOf(plain: string, day: Day, country: DayOrder): Source {
  const tokens = tokensOf(plain);
  const inDigits = tokens.flatMap((_, index) => (isNumericDate(tokens, index) ? [index] : []));
  const texts = inDigits.map((index) => tokens[index]?.text ?? "");
  const read = readNumericDates(texts, day, country);
  const numeric = inDigits.flatMap((index, which) => {
    const date = read[which];
    return date ? [[index, date] as const] : [];
  });
  return { tokens, today: day, numeric: new Map(numeric) };
}

const blank = (text: string, { start, end }: { start: number; end: number }): string =>
  text.slice(0, start) + " ".repeat(end - start) + text.slice(end);

const WEEKDAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)days?";
const LEFT_BEFORE = new RegExp(
  `(?:^|[^a-z])(?:${WEEKDAY}|before|after|following|preceding|prior|weeks?|weekends?|days?|months?|fortnights?|first|second|third|fourth|fifth|last|next|or|around|about|roughly|approximately|between|early|late|mid|middle|end|beginning|start|eve)[\\s,]*(?:(?:of|in|the|on|to|from)\\s+)*$`,
);
/** A stay before a day says how long, and "what about Friday" is no guess. */
const NOT_LEFT =
  /\b(?:for|stay(?:ing)?|another|of) (?:an?|the|one|two|three|four|five|six|seven|eight|nine|ten|\d+)? ?(?:days?|weeks?|months?|fortnights?)[\s,]*(?:(?:on|from|the) )*$|\b(?:what|how) about (?:the )?$|\b(?:or|next|first|second|third|last|start) (?:to|from|on) (?:the )?$/;
const LEFT_AFTER =
  /^[\s,]*(?:(?:week|weekend|fortnight|eve|or)\b|(?:before|after|following)\b(?!\s+(?:\d|noon|lunch|midday|midnight|work|school|breakfast|dinner|that\b|the (?:morning|afternoon))))/;

/** Whether words of time directly beside a day were not understood with it. */
const hasLeftOver = (plain: string, { start, end }: { start: number; end: number }): boolean => {
  const before = plain.slice(0, start);
  return (LEFT_BEFORE.test(before) && !NOT_LEFT.test(before)) || LEFT_AFTER.test(plain.slice(end));
};

/** What stands before a day that is left out: "any day but Friday", "not on Friday". "Why not Friday" proposes it. */
const EXCLUDED =
  /\b(?:(?:any|every|each|all)(?: other)? ?(?:days?|time|date)? but|except(?: for)?|other than|apart from|besides|excluding|(?<!\b(?:why|if|or) )not)\s+(?:(?:on|the|for)\s+)*$/;

/** What stands between days that are left out together. */
const WITH_EXCLUDED = /^\s*(?:,\s*)?(?:-|–|—|and|or|nor|to|until)\s+(?:(?:on|the)\s+)*$/;

function withoutExcluded(plain: string, mentions: readonly DateMention[]): DateMention[] {
  const kept: DateMention[] = [];
  let excluded: DateMention | null = null;
  for (const mention of mentions) {
    const isNext: boolean =
      excluded !== null && WITH_EXCLUDED.test(plain.slice(excluded.end, mention.start));
    excluded = isNext || EXCLUDED.test(plain.slice(0, mention.start)) ? mention : null;
    if (!excluded) kept.push(mention);
  }
  return kept;
}

const RANGE = /^\s*(?:-|–|—|to|until|till|through|thru)\s*(?:the\s*)?$/;
const CHOICE = /^\s*,?\s*(?:or|\/)\s*(?:on\s+|maybe\s+|the\s+)*$/;
const BETWEEN = /\bbetween\s+(?:the\s+)?$/;

/** Makes one mention of "from Friday to Sunday", "between … and …" and "Friday or Saturday". */
function joined(plain: string, mentions: readonly DateMention[]): DateMention[] {
  const found: DateMention[] = [];
  for (const mention of mentions) {
    const previous = found.at(-1);
    const gap = previous ? plain.slice(previous.end, mention.start) : "";
    if (!previous || previous.until !== null) {
      found.push(mention);
      continue;
    }
    const isBetween = /^\s*and\s*$/.test(gap) && BETWEEN.test(plain.slice(0, previous.start));
    if (CHOICE.test(gap)) {
      found.splice(-1, 1, { ...previous, end: mention.end, isVague: true });
    } else if (isBetween || (RANGE.test(gap) && mention.until === null)) {
      const last = dayAfter(plain, mention, previous.day);
      const isVague = previous.isVague || mention.isVague || isBetween;
      const until = last > previous.day ? last : null;
      found.splice(-1, 1, { ...previous, end: mention.end, until, isVague });
    } else found.push(mention);
  }
  return found.map((mention) =>
    BETWEEN.test(plain.slice(0, mention.start)) ? { ...mention, isVague: true } : mention,
  );
}

/** The mention's day, read again as the next one from another day where it lies before that. */
export function dayAfter(text: string, { start, end, day, order }: DateMention, from: Day): Day {
  if (day >= from) return day;
  const [later] = datesIn(text.slice(start, end), Date.parse(from), order);
  return later && later.day >= from ? later.day : day;
}

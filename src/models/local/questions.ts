import { keyOf } from "./facts.ts";

/** A question about the user's facts. */
export interface FactQuestion {
  /** The keys of the facts that answer it, best first. */
  keys: string[];
  /** The subject in the second person: `your name`. */
  what: string;
  /** Whether only the user can know the answer. "The capital of France" is not of this kind. */
  own: boolean;
}

/** A question about earlier messages. */
export interface RecallQuestion {
  from: "user" | "assistant";
  which: "first" | "last";
  /** Only questions count, as in "what did I ask first?" */
  questionsOnly: boolean;
}

const MAX_TAILS = 3;
const KNOW = /^do you (?:still |even |happen to )?(?:know|remember|recall) (?=\S)/i;
const TAIL = /,? (?:again|please|now|then|called|named|is|are|was|by the way|for me|just)$/i;

const FIXED: [RegExp, string[], string][] = [
  [
    /^(?:who (?:am i|i am)|what am i called|what i am called)$/i,
    ["name", "self", "job"],
    "your name",
  ],
  [
    /^where (?:do i|i|am i|i'm|i am) (?:live|living|reside|based)$/i,
    ["home", "city", "address", "origin"],
    "where you live",
  ],
  [
    /^where (?:am i|i am|i'm|do i come|i come) from$/i,
    ["origin", "hometown", "home"],
    "where you are from",
  ],
  [/^how old (?:am i|i am)$/i, ["age"], "your age"],
  [/^what (?:do i|i) do(?: for (?:a living|work))?$/i, ["job", "self", "employer"], "your work"],
  [
    /^(?:where|who|what) (?:do i|i) work(?: for| at| as)?$/i,
    ["employer", "job", "company"],
    "your work",
  ],
  [
    /^what(?: \w{1,20})? (?:did|have) i (?:ask|asked|tell|told) you to remember$/i,
    ["remember"],
    "anything to remember",
  ],
];
const NAME_OF = /^what(?:'s| is| was)? (?:the )?name of (?:my|our) (.{1,80})$/i;
const OF_MINE =
  /^(?:what|who|where|when|which|how)(?:'s|'re| is| are| was| were)? (my|our|the) (.{1,80})$/i;
const KIND_OF_MINE = /^(?:what|which) (.{1,40}?) (?:is|are) (?:my|our) (.{1,80})$/i;
const SAID_OF_MINE = /^what did i (?:say|tell you) (?:that )?my (.{1,80})$/i;
const MINE = /^my (.{1,80})$/i;

/** The question about facts that a clause asks, or `null`. */
export function factQuestionIn(clause: string): FactQuestion | null {
  const known = KNOW.test(clause);
  const text = clause.replace(KNOW, "");
  for (const [pattern, keys, what] of FIXED)
    if (pattern.test(text)) return { keys, what, own: true };

  const named = NAME_OF.exec(text)?.[1];
  if (named)
    return own([`${without(named)}'s name`, without(named)], `the name of your ${without(named)}`);

  const [, kind, thing] = KIND_OF_MINE.exec(text) ?? [];
  if (kind && thing)
    return own(
      [without(thing), `${without(thing)}'s ${kind}`, `${without(thing)} ${kind}`],
      `the ${kind} of your ${without(thing)}`,
    );

  const mine = SAID_OF_MINE.exec(text)?.[1] ?? (known ? MINE.exec(text)?.[1] : undefined);
  const [, owner, subject] = mine ? ["", "my", mine] : (OF_MINE.exec(text) ?? []);
  if (!owner || !subject) return null;
  const asked = without(subject);
  const keys = [asked, `${asked}'s name`, asked.replace(/'s name$/i, "")];
  return owner.toLowerCase() === "the"
    ? { ...own(keys, `the ${asked}`), own: false }
    : own(keys, `your ${asked}`);
}

const SAID =
  /^what (?:did|have) (i|you) (?:just )?(say|said|ask|asked|tell|told|write|wrote)(?: you| me)?( .{1,40})?$/i;
const THING_SAID =
  /^what(?:'s| is| was) (my|your|the) (?:very )?(first|last|previous) (thing|message|question|answer|reply)( .{1,40})?$/i;

/** The question about earlier messages that a clause asks, or `null`. "What did I say?" means the last message. */
export function recallQuestionIn(clause: string): RecallQuestion | null {
  const text = clause.replace(KNOW, "");
  const [, who, verb, when] = SAID.exec(text) ?? [];
  if (who && verb) {
    if (
      when &&
      !/^ (?:(?:to )?(?:you|me) )?(?:at |in the |the |very |right |just )*(?:first|last|before|earlier|previously|beginning|start|now|again|last time|before that|before this)$/i.test(
        when,
      )
    )
      return null;
    return {
      from: who.toLowerCase() === "i" ? "user" : "assistant",
      which: when && /first|beginning|start/i.test(when) ? "first" : "last",
      questionsOnly: /^ask/i.test(verb),
    };
  }
  const [, owner, which, thing, rest] = THING_SAID.exec(text) ?? [];
  if (!owner || !which || !thing) return null;
  const yours =
    /^your$/i.test(owner) || (rest !== undefined && /\byou\b/i.test(rest) && !/\bi\b/i.test(rest));
  return {
    from: yours ? "assistant" : "user",
    which: which.toLowerCase() === "first" ? "first" : "last",
    questionsOnly: /^question$/i.test(thing) || /\basked\b/i.test(rest ?? ""),
  };
}

function own(keys: string[], what: string): FactQuestion {
  return { keys: keys.map(keyOf), what, own: true };
}

/** A subject without its tail: "name again" and "name is" are "name", "dog called" is "dog". */
function without(subject: string): string {
  let text = subject;
  for (let round = 0; round < MAX_TAILS && TAIL.test(text); round += 1)
    text = text.replace(TAIL, "");
  return text;
}

import { clausesOf, clip, trimMarks } from "./clauses.ts";

/** A fact that the user stated about themselves or their world. */
export interface Fact {
  /** The subject: `name`, `home`, `favourite colour`. */
  key: string;
  /** `null` when the user withdrew the fact: "my name is not Bob". */
  value: string | null;
  /** The fact in the second person: `your name is Alice`. */
  sentence: string;
}

const MAX_VALUE_LENGTH = 200;

const NEGATION = /^(my|our|the) (.{1,60}?) (?:isn't|aren't|is not|are not) (.+)$/i;
const NEGATED_THEN_CORRECTED = /^not .{1,100}? but (.+)$/i;
const STATEMENT = /^(my|our|the) (.{1,60}?) (?:is|are|was|=) (.+)$/i;
const LEAD = /^(?:now|actually|really|still|currently|called|named|=) /i;
const TAIL = /(?:, not .{1,100}|,? (?:now|actually|instead|though|by the way|thanks|please))$/i;
/** Capitalised words that follow "I am" and are no names. */
const NO_NAME =
  /^(?:\p{L}+(?:ish|ese)|french|german|greek|dutch|swiss|italian|american|canadian|indian|australian|mexican|brazilian|russian|african|european|asian|muslim|catholic|ok|sorry|not)\b/iu;

/** A pattern, the key of its fact, and the fact as a sentence. The first match wins. */
const PATTERNS: [RegExp, string, (value: string) => string][] = [
  [
    /^(?:you (?:can|may) |just |everyone |everybody |people |friends )?calls? me (?!back|later|when|if|at|on|tomorrow)(.+)$/i,
    "name",
    (v) => `your name is ${v}`,
  ],
  [/^(?:i(?:'m| am) called|i go by|my name's) (.+)$/i, "name", (v) => `your name is ${v}`],
  [
    /^i(?:'m| am) (?:now |only |just |already )?(\d{1,3})(?: years?(?: old| of age)?)?$/i,
    "age",
    (v) => `you are ${v} years old`,
  ],
  [
    /^i(?:'ve| have)? (?:just )?turned (\d{1,3})(?: today)?$/i,
    "age",
    (v) => `you are ${v} years old`,
  ],
  [
    /^i(?:'m| am)? (?:now |currently )?(?:live|living|based|reside) ((?:in|at|on|near|by) .+)$/i,
    "home",
    (v) => `you live ${v}`,
  ],
  [
    /^i(?:'ve| have)? (?:just |recently |now )?moved (?:to|into) (.+)$/i,
    "home",
    (v) => `you live in ${v}`,
  ],
  [/^i(?:'m| am| come) (?:originally )?from (.+)$/i, "origin", (v) => `you are from ${v}`],
  [/^i work as (.+)$/i, "job", (v) => `you work as ${v}`],
  [/^i work ((?:at|for|in|with) .+)$/i, "employer", (v) => `you work ${v}`],
  [/^i(?:'m| am) ((?:an?|the) .+)$/i, "self", (v) => `you are ${v}`],
  [/^remember (?:this: )?(.+)$/i, "remember", (v) => `you asked me to remember ${v}`],
];
const PET = /^i have an? (.{1,40}?) (?:named|called) (.+)$/i;
const CAPITALISED = /^[Ii](?:'m| am) (\p{Lu}[\p{L}'.-]*(?: \p{Lu}[\p{L}'.-]*){0,2})$/u;

/** The key of a subject, in one spelling: a question finds the statement by it. */
export function keyOf(subject: string): string {
  const key = subject
    .toLowerCase()
    .replace(/\bfavorite\b/g, "favourite")
    .replace(/\bcolor\b/g, "colour")
    .replace(/^(?:full|real|actual|current|new) (?=\S)/, "");
  return /^(?:occupation|profession|job title|work)$/.test(key) ? "job" : key;
}

/** The fact that one clause states, or `null`. The clause is as {@link clausesOf} gives it. */
export function factIn(clause: string): Fact | null {
  for (const [pattern, key, sentenceOf] of PATTERNS) {
    const value = valueOf(pattern.exec(clause)?.[1]);
    if (value) return { key, value, sentence: sentenceOf(value) };
  }
  const [, pet, petName] = PET.exec(clause) ?? [];
  if (pet && petName) return statedFact("my", `${pet}'s name`, petName);

  const name = CAPITALISED.exec(clause)?.[1];
  if (name && !NO_NAME.test(name)) return statedFact("my", "name", name);

  const [, negatedOwner, negated, wrong] = NEGATION.exec(clause) ?? [];
  if (negatedOwner && negated && wrong) {
    const right = NEGATED_THEN_CORRECTED.exec(`not ${wrong}`)?.[1];
    if (right) return statedFact(negatedOwner, negated, right);
    const sentence = `${yours(negatedOwner)} ${negated} is not ${secondPerson(clip(wrong, MAX_VALUE_LENGTH))}`;
    return { key: keyOf(negated), value: null, sentence };
  }
  const [, owner, subject, value] = STATEMENT.exec(clause) ?? [];
  return owner && subject && value ? statedFact(owner, subject, value) : null;
}

/** The facts of these messages, oldest first. A later fact replaces an earlier one of the same key. */
export function factsOf(messages: Iterable<string>): Map<string, Fact> {
  const facts = new Map<string, Fact>();
  for (const message of messages) {
    for (const clause of clausesOf(message)) {
      const fact = clause.question ? null : factIn(clause.text);
      if (!fact) continue;
      // Deleted first, so that a corrected fact moves to the end.
      facts.delete(fact.key);
      if (fact.value !== null) facts.set(fact.key, fact);
    }
  }
  return facts;
}

function statedFact(owner: string, subject: string, raw: string): Fact | null {
  const value = valueOf(raw);
  if (!value) return null;
  return { key: keyOf(subject), value, sentence: `${yours(owner)} ${subject} is ${value}` };
}

function valueOf(raw: string | undefined): string | null {
  if (raw === undefined) return null;
  const value = clip(raw, MAX_VALUE_LENGTH).replace(LEAD, "").replace(TAIL, "");
  return secondPerson(trimMarks(value)) || null;
}

const yours = (owner: string): string => (owner.toLowerCase() === "the" ? "the" : "your");

/** In the second person: "my best friend" is the user's, not the model's. */
function secondPerson(text: string): string {
  return text
    .replace(/\bI am\b|\bI'm\b/g, "you are")
    .replace(/\bI\b/g, "you")
    .replace(/\bmy\b/gi, "your")
    .replace(/\bme\b/g, "you");
}

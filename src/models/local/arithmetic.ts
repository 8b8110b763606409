/** The value of an expression, or why it has none, as the end of a sentence. */
export type Evaluation = { value: number } | { problem: string };

const MAX_EXPRESSION_LENGTH = 300;
const MAX_DEPTH = 50;

/** Ends an evaluation from inside the recursion. Never leaves this file. */
class Refused extends Error {}

const QUESTION_START =
  /^(?:what(?:'s| is| are| does)|how much is|calculate|compute|evaluate|solve|work out) /i;
const WORDS: [RegExp, string][] = [
  [/(?<=\d) ?(?:%|percent) of /gi, " / 100 * "],
  [/ ?\bplus\b ?/gi, " + "],
  [/ ?\b(?:minus|negative)\b ?/gi, " - "],
  [/ ?(?:\btimes\b|\bmultiplied by\b|[×·]) ?/gi, " * "],
  [/(?<=[\d)]) ?x ?(?=[\d(.-])/gi, " * "],
  [/ ?(?:\bdivided by\b|÷) ?/gi, " / "],
  [/ ?(?:\bto the power of\b|\*\*) ?/gi, " ^ "],
  [/ squared\b/gi, " ^ 2"],
  [/[−–]/g, "-"],
  [/ equals?$/i, ""],
  [/(?<=\d),(?=\d{3}(?!\d))/g, ""],
];

/**
 * The sum that a clause asks for: `12 * (3 + 4)` of "what is 12 * (3 + 4)", `10 + 5` of "10 plus 5".
 * `null` when it is not one. The clause has single spaces and neither `?` nor `=` at its end.
 */
export function expressionIn(clause: string): string | null {
  if (!/\d/.test(clause)) return null;
  let text = clause.slice(0, MAX_EXPRESSION_LENGTH + 1).replace(QUESTION_START, "");
  for (const [pattern, sign] of WORDS) text = text.replace(pattern, sign);
  text = text.replace(/ {2,}/g, " ").trim();
  if (clause.length > MAX_EXPRESSION_LENGTH || !/^[\d.+\-*/^() ]+$/.test(text)) return null;
  if (!/[\d)] ?[-+*/^]/.test(text)) return null;
  // A bare date or a telephone number is no sum.
  if (text === clause && /^\d+-\d+-[\d-]+$/.test(text)) return null;
  return text;
}

/**
 * Evaluates `+ - * / ^`, unary signs and brackets by recursive descent, `^` binding tightest and to the right.
 * `null` when the text is not an expression. Never throws; the depth is bounded.
 */
export function evaluate(expression: string): Evaluation | null {
  const tokens = expression.match(/\d+(?:\.\d+)?|\.\d+|[-+*/^()]/g) ?? [];
  // The pattern may skip spaces only.
  if (tokens.join("") !== expression.replaceAll(" ", "")) return null;
  let at = 0;
  let malformed = false;

  const take = (...signs: string[]): string | null => {
    const token = tokens[at];
    if (token === undefined || !signs.includes(token)) return null;
    at += 1;
    return token;
  };
  const sum = (depth: number): number => {
    if (depth > MAX_DEPTH) throw new Refused("it is nested too deeply for me");
    let value = product(depth);
    for (let sign = take("+", "-"); sign; sign = take("+", "-")) {
      const right = product(depth);
      value = sign === "+" ? value + right : value - right;
    }
    return value;
  };
  const product = (depth: number): number => {
    let value = signed(depth);
    for (let sign = take("*", "/"); sign; sign = take("*", "/")) {
      const right = signed(depth);
      if (sign === "/" && right === 0) throw new Refused("division by zero has no answer");
      value = sign === "*" ? value * right : value / right;
    }
    return value;
  };
  const signed = (depth: number): number => {
    let factor = 1;
    for (let sign = take("+", "-"); sign; sign = take("+", "-")) if (sign === "-") factor = -factor;
    return factor * power(depth);
  };
  const power = (depth: number): number => {
    if (depth > MAX_DEPTH) throw new Refused("it is nested too deeply for me");
    const base = atom(depth);
    if (!take("^")) return base;
    const exponent = signed(depth + 1);
    if (base === 0 && exponent < 0) throw new Refused("division by zero has no answer");
    return base ** exponent;
  };
  const atom = (depth: number): number => {
    if (take("(")) {
      const value = sum(depth + 1);
      if (!take(")")) malformed = true;
      return value;
    }
    const value = Number(tokens[at]);
    if (Number.isNaN(value)) malformed = true;
    at += 1;
    return value;
  };

  try {
    const value = sum(0);
    if (malformed || at < tokens.length) return null;
    if (Number.isFinite(value)) return { value };
    return { problem: Number.isNaN(value) ? "it has no real answer" : "it is too large for me" };
  } catch (error) {
    if (error instanceof Refused) return { problem: error.message };
    throw error;
  }
}

/** A number as people write it: 15 significant digits, so that 0.1 + 0.2 is 0.3. */
export function formatNumber(value: number): string {
  const text = String(Number(value.toPrecision(15)) + 0);
  return Math.abs(value) > Number.MAX_SAFE_INTEGER ? `about ${text}` : text;
}

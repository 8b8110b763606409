import { patternOf } from "./patterns.ts";
import type { Judge, Policy } from "./policy.ts";
import { policyRecord } from "../shared/policy-record.ts";
import type { PolicyEvent, PolicyRecord } from "../shared/policy-record.ts";

const MILLION = 1_000_000;
/** In UTF-16 units. A replacement that makes a text longer blocks it. */
const MAX_LENGTH = 256 * 1024;

/** For the texts of one call's events, in UTF-16 units: they lie in the turn's row. */
const MAX_EVENT_TEXTS_LENGTH = 128 * 1024;
const TOO_LONG = "This is too long to be answered here.";

/** A text that policies check. */
export interface PolicySubject {
  phase: "request" | "response";
  text: string;
  /** The tokens of the whole call. A function, since few policies need them. */
  tokens: () => { input: number; output: number };
  /** The events' time, in ms since the epoch. */
  at: number;
}

/** The result of policies on a text. */
export interface Verdict {
  text: string;
  /** The answer in its place, if it was blocked. */
  refusal: string | null;
  events: PolicyEvent[];
}

/** Applies all policies but judges, in order, up to the first that blocks. `loadPatterns` has run for them. */
export function applyPolicies(policies: readonly Policy[], subject: PolicySubject): Verdict {
  const events: PolicyEvent[] = [];
  let { text } = subject;
  for (const policy of policies) {
    if (policy.type === "judge" || !concerns(policy, subject.phase)) continue;
    const applied = applyOne(policy, { ...subject, text });
    events.push({ ...eventOf(policy, subject), ...applied.event });
    if (applied.refusal !== null) return { text, refusal: applied.refusal, events };
    ({ text } = applied);
  }
  return { text, refusal: null, events };
}

export const judgesOf = (policies: readonly Policy[], phase: PolicySubject["phase"]): Judge[] =>
  policies.filter((policy): policy is Judge => policy.type === "judge" && policy.on === phase);

/** Whether any policy checks the response: then nothing is streamed before the checks. */
export const watchesResponse = (policies: readonly Policy[]): boolean =>
  policies.some((policy) => concerns(policy, "response") && policy.type !== "max_cost");

/** The fields that every event of a policy has. */
export function eventOf(
  policy: Policy,
  { phase, at }: Pick<PolicySubject, "phase" | "at">,
): Omit<PolicyEvent, "event_type"> {
  const { name, ...config } = policy;
  return {
    policy_class: name ?? policy.type,
    policy_config: JSON.stringify(config),
    sequence: phase === "request" ? 0 : 1,
    created_at: at,
  };
}

/** The record of a call's events. Long texts are cut, to fit into the turn's row. */
export function recordOf(events: readonly PolicyEvent[]): PolicyRecord {
  const length = Math.floor(MAX_EVENT_TEXTS_LENGTH / Math.max(1, 2 * events.length));
  const cut = (text: string | undefined) =>
    text !== undefined && text.length > length ? `${text.slice(0, length).toWellFormed()}…` : text;
  return policyRecord(
    events.map((event) => ({
      ...event,
      ...(event.original !== undefined && { original: cut(event.original) }),
      ...(event.modified !== undefined && { modified: cut(event.modified) }),
    })),
  );
}

function concerns(policy: Policy, phase: PolicySubject["phase"]): boolean {
  return policy.type === "max_cost" || policy.on === phase || policy.on === "both";
}

type Applied = {
  event: Partial<PolicyEvent> & Pick<PolicyEvent, "event_type">;
  text: string;
  refusal: string | null;
};

function applyOne(policy: Exclude<Policy, Judge>, { phase, text, tokens }: PolicySubject): Applied {
  const allowed: Applied = { event: { event_type: "allowed" }, text, refusal: null };
  if (policy.type === "max_cost") {
    const { input, output } = tokens();
    const usd =
      (input * policy.usd_per_million_input + output * policy.usd_per_million_output) / MILLION;
    const metadata = JSON.stringify({ usd, input, output });
    if (usd <= policy.usd) return { ...allowed, event: { event_type: "allowed", metadata } };
    // The money is spent: the answer is shown, and the event reports it.
    if (phase === "response") return { ...allowed, event: { event_type: "exceeded", metadata } };
    return { event: { event_type: "blocked", metadata }, text, refusal: policy.message };
  }
  const pattern = patternOf(policy);
  if (policy.type === "block") {
    if (!pattern.test(text)) return allowed;
    const event = { event_type: "blocked", original: text, modified: policy.message };
    return { event, text, refusal: policy.message };
  }
  const modified = pattern.replaceAll(text, policy.replacement);
  if (modified === text) return allowed;
  if (modified.length > Math.max(MAX_LENGTH, text.length)) {
    const metadata = JSON.stringify({ error: "the replaced text is too long" });
    return { event: { event_type: "blocked", metadata }, text, refusal: TOO_LONG };
  }
  const original = policy.keep_original ? { original: text } : {};
  return {
    event: { event_type: "modified", ...original, modified },
    text: modified,
    refusal: null,
  };
}

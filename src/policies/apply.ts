import type { Judge, Policy } from "./policy.ts";
import { policyRecord } from "../shared/policy-record.ts";
import type { PolicyEvent, PolicyRecord } from "../shared/policy-record.ts";

const MILLION = 1_000_000;
/** A text that a policy makes longer than this is blocked instead. In UTF-16 units. */
const MAX_LENGTH = 256 * 1024;

/** What the events of one call keep of texts, in UTF-16 units. */
const TEXTS_LENGTH = 128 * 1024;
const TOO_LONG = "This is too long to be answered here.";

/** What a policy looks at. */
export interface Subject {
  phase: "request" | "response";
  text: string;
  /** Of the whole call, estimated or counted; asked for by those that need it only. */
  tokens: () => { input: number; output: number };
  /** Ms since the epoch. */
  at: number;
}

/** What the policies made of a text. */
export interface Verdict {
  text: string;
  /** What is answered instead, where it was blocked. */
  refusal: string | null;
  events: PolicyEvent[];
}

/** Every policy but the judges, in order, up to the first that blocks. */
export function applyPolicies(policies: readonly Policy[], subject: Subject): Verdict {
  const events: PolicyEvent[] = [];
  let { text } = subject;
  for (const policy of policies) {
    if (policy.type === "judge" || !concerns(policy, subject.phase)) continue;
    const done = applyOne(policy, { ...subject, text });
    events.push({ ...eventOf(policy, subject), ...done.event });
    if (done.refusal !== null) return { text, refusal: done.refusal, events };
    ({ text } = done);
  }
  return { text, refusal: null, events };
}

export const judgesOf = (policies: readonly Policy[], phase: Subject["phase"]): Judge[] =>
  policies.filter((policy): policy is Judge => policy.type === "judge" && policy.on === phase);

/** Whether any policy looks at the response: then no word of it is shown before it is whole. */
export const watchesResponse = (policies: readonly Policy[]): boolean =>
  policies.some((policy) => concerns(policy, "response") && policy.type !== "max_cost");

/** An event of the policy, to be completed. */
export function eventOf(
  policy: Policy,
  { phase, at }: Pick<Subject, "phase" | "at">,
): Omit<PolicyEvent, "event_type"> {
  const { name, ...config } = policy;
  return {
    policy_class: name ?? policy.type,
    policy_config: JSON.stringify(config),
    sequence: phase === "request" ? 0 : 1,
    created_at: at,
  };
}

/** The texts of long ones are cut: all of it lies in the turn's row. */
export function recordOf(events: readonly PolicyEvent[]): PolicyRecord {
  const length = Math.floor(TEXTS_LENGTH / Math.max(1, 2 * events.length));
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

function concerns(policy: Policy, phase: Subject["phase"]): boolean {
  return policy.type === "max_cost" || policy.on === phase || policy.on === "both";
}

type Done = {
  event: Partial<PolicyEvent> & Pick<PolicyEvent, "event_type">;
  text: string;
  refusal: string | null;
};

function applyOne(policy: Exclude<Policy, Judge>, { phase, text, tokens }: Subject): Done {
  const allowed: Done = { event: { event_type: "allowed" }, text, refusal: null };
  if (policy.type === "max_cost") {
    const { input, output } = tokens();
    const usd =
      (input * policy.usd_per_million_input + output * policy.usd_per_million_output) / MILLION;
    const metadata = JSON.stringify({ usd, input, output });
    if (usd <= policy.usd) return { ...allowed, event: { event_type: "allowed", metadata } };
    // It is spent already: this says so, and takes nothing from anybody.
    if (phase === "response") return { ...allowed, event: { event_type: "exceeded", metadata } };
    return { event: { event_type: "blocked", metadata }, text, refusal: policy.message };
  }
  const pattern = new RegExp(policy.pattern, policy.ignore_case ? "giu" : "gu");
  if (policy.type === "block") {
    if (!pattern.test(text)) return allowed;
    const event = { event_type: "blocked", original: text, modified: policy.message };
    return { event, text, refusal: policy.message };
  }
  const modified = text.replace(pattern, () => policy.replacement);
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

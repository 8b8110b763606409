import type { Assistant } from "../../assistants/assistant.ts";
import { applyPolicies } from "../../policies/apply.ts";
import type { Message } from "../../shared/items.ts";
import { factOfVersion, factVersion, factsMessage, factsThatFit } from "../../shared/user-facts.ts";
import type { Database } from "../../sqlite/database.ts";
import { factsForRole, factsOfIds } from "../store/sessions/user-facts.ts";
import type { ShownFact } from "../store/sessions/user-facts.ts";

/** Where only texts are looked at. */
const tokens = () => ({ input: 0, output: 0 });

/** The user's facts that a model is shown. */
export interface Remembered {
  /** Null where there are none. */
  message: Message | null;
  /** What the turn records of them, in the message's order. */
  versions: string[];
}

/**
 * The user's facts as the assistant's policies let a model see them. A fact that a policy blocks is left out. Judges are not
 * asked.
 */
export function rememberedOf(
  db: Database,
  assistant: Pick<Assistant, "policies">,
  { user_id, role = null }: { user_id?: string | null | undefined; role?: string | null },
  now: number,
): Remembered {
  if (user_id === undefined || user_id === null) return { message: null, versions: [] };
  const facts = factsThatFit(policed(assistant, factsForRole(db, user_id, role), now));
  return { message: factsMessage(facts), versions: facts.map(factVersion).toReversed() };
}

function policed(
  { policies }: Pick<Assistant, "policies">,
  facts: readonly ShownFact[],
  at: number,
): ShownFact[] {
  if (policies.length === 0) return [...facts];
  return facts.flatMap((fact) => {
    const verdict = applyPolicies(policies, { phase: "request", text: fact.text, tokens, at });
    return verdict.refusal === null ? [{ ...fact, text: verdict.text }] : [];
  });
}

/** A fact that the model was shown at a past turn. */
export interface PastFact {
  fact_id: string;
  /** `changed`: it has another text now, and the one of then is not kept. */
  state: "kept" | "changed" | "erased";
}

/**
 * The facts that a model was shown at a past turn, and the message with those whose texts are still there. Today's policies
 * change them, and leave out those that they block.
 *
 * @param versions - what the turn recorded
 */
export function pastFacts(
  db: Database,
  assistant: Pick<Assistant, "policies">,
  userId: string | null,
  versions: readonly string[],
  now: number,
): { facts: PastFact[]; message: Message | null } {
  const there =
    userId === null || versions.length === 0
      ? new Map<string, ShownFact>()
      : factsOfIds(db, userId, versions.map(factOfVersion));
  const kept: ShownFact[] = [];
  const facts = versions.map((version): PastFact => {
    const fact_id = factOfVersion(version);
    const fact = there.get(fact_id);
    if (!fact) return { fact_id, state: "erased" };
    if (factVersion(fact) !== version) return { fact_id, state: "changed" };
    kept.push(fact);
    return { fact_id, state: "kept" };
  });
  return { facts, message: factsMessage(policed(assistant, kept, now).toReversed()) };
}

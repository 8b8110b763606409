import type { Assistant } from "../../assistants/assistant.ts";
import { textOf } from "../../shared/items.ts";
import type { Message } from "../../shared/items.ts";
import { pairToolCalls } from "../../shared/pair-tool-calls.ts";
import { turnMessages } from "../../shared/turn.ts";
import type { Turn } from "../../shared/turn.ts";
import { estimateTokens } from "./message-tokens.ts";
import type { PastFact, pastFacts } from "./remembered-facts.ts";
import { WindowFiller, isShown } from "./window.ts";
import type { Weighed, WindowReason } from "./window.ts";

/** Why a message was shown at a past turn, or was not. */
export type PastReason =
  | WindowReason
  /** The limits that the assistant had then left it out. They are not kept, and today's would show it. */
  | "beyond_past_limits";

/** What a model was shown at a turn that is over. */
export interface PastWindow {
  assistant: string;
  /** Today's limits of the assistant: those of then are not kept. */
  limits: Assistant["window"];
  /**
   * `recorded`: the turn says how many messages it was shown. `today`: it does not say, and today's limits tell what it would
   * be shown. `request`: another program made the call, and its request says it.
   */
  basis: "recorded" | "today" | "request";
  /** Messages of the window that the model was shown; null where no turn of ours says it. */
  shown: number | null;
  /** Whether today's limits would show as many; null where `basis` is not `recorded`. */
  is_same_today: boolean | null;
  /** Whether there was a system message, and its text is still kept. */
  system: "kept" | "lost" | "none";
  /** Whether all messages that were shown are still there. */
  is_complete: boolean;
  /** Estimated, of `messages`. */
  tokens: number;
  /** The user's facts that the model was shown, in their order. None where the turn does not say it. */
  facts: PastFact[];
  /** In order: the system message, the facts that are kept, the window, and the turn's own message. */
  messages: Message[];
  /** The messages before the turn, newest first. */
  considered: (Omit<Weighed, "reason"> & { reason: PastReason })[];
}

/**
 * What the model was shown at a turn, from what the turn recorded. Today's limits explain it as far as they still hold.
 *
 * @param newest - turns before it, newest first
 * @param assistant - the session's, as it is today
 * @param system - the text of the turn's system message, where it is kept
 */
export function pastWindow(
  turn: Turn,
  newest: readonly Turn[],
  {
    assistant,
    system,
    remembered,
  }: { assistant: Assistant; system: string | null; remembered: ReturnType<typeof pastFacts> },
): PastWindow {
  const asked = turnMessages({ ...turn, output: null });
  const known = {
    assistant: assistant.name,
    limits: assistant.window,
    system: system !== null ? "kept" : turn.frame === undefined ? "none" : "lost",
    facts: remembered.facts,
  } as const;
  const spoken: Message[] = [
    ...(system === null ? [] : [{ role: "system" as const, content: system }]),
    ...(remembered.message === null ? [] : [remembered.message]),
  ];
  if (turn.extra.call) {
    return {
      ...known,
      basis: "request",
      shown: null,
      is_same_today: null,
      is_complete: true,
      tokens: estimateTokens(asked),
      messages: asked,
      considered: [],
    };
  }
  const filler = new WindowFiller({
    assistant: { instructions: system, window: assistant.window },
    facts: [],
    summary: null,
    remembered: remembered.message,
    input: textOf(turn.input, "user"),
  });
  const weighed = newest.flatMap((before) => filler.add(before));
  const today = weighed.filter(({ reason }) => reason === "in_window").length;
  const shown = turn.shown ?? null;
  const recorded = shown === null ? weighed : recordedReasons(weighed, shown);
  const window = recorded.filter(({ reason }) => reason === "in_window");
  const messages = [
    ...spoken,
    // Together: what was asked may hold the results of calls before it.
    ...pairToolCalls([...window.map(({ message }) => message).toReversed(), ...asked]),
  ];
  return {
    ...known,
    basis: shown === null ? "today" : "recorded",
    shown,
    is_same_today: shown === null ? null : shown === today,
    is_complete: shown === null || window.length === shown,
    tokens: estimateTokens(messages),
    messages,
    considered: recorded.map((each) =>
      each.reason === "in_window" && !isShown(each.message, messages)
        ? { ...each, reason: "unpaired" }
        : each,
    ),
  };
}

/** The newest answered messages were shown, as many as the turn says. */
function recordedReasons(weighed: readonly Weighed[], shown: number): PastWindow["considered"] {
  let left = shown;
  return weighed.map((each) => {
    if (each.reason === "unanswered") return each;
    left -= 1;
    if (left >= 0) return { ...each, reason: "in_window" };
    return each.reason === "in_window" ? { ...each, reason: "beyond_past_limits" } : each;
  });
}

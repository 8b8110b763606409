import { EMPTY_DIALOGUE, converse } from "../../src/travel/dialogue.ts";
import type { Dialogue as Conversation, Move } from "../../src/travel/dialogue.ts";
import { askedIn } from "../../src/travel/reply-patterns.ts";
import { stepByStep } from "../../src/travel/step-by-step.ts";
import { understand } from "../../src/travel/understand.ts";
import { annotatedIn, isFlight } from "./dialogues.ts";
import type { Dialogue, Name } from "./dialogues.ts";

/** A traveller gives up after so many messages. */
const MAX_MESSAGES = 12;

type Handler = (before: Conversation, text: string, said: string | null) => Move;

/** The words for what the traveller wants in the end. */
function wishOf({ turns }: Dialogue): (name: Name) => string | undefined {
  const last = turns.findLast(isFlight);
  return (name) => last && annotatedIn(last, name)?.at(-1);
}

/**
 * A traveller opens as in the dialogue, answers each question with what they want in the end, and says yes to what is
 * right. @returns how many messages until a search; null where it came to none
 */
function messagesTo(handler: Handler, dialogue: Dialogue): number | null {
  const wish = wishOf(dialogue);
  const opening = dialogue.turns.find(isFlight)?.utterance;
  const isComplete = wish("origin") && wish("destination") && wish("departure_date");
  if (!isComplete || opening === undefined) return null;
  let conversation = EMPTY_DIALOGUE;
  let asked: string | null = null;
  let text = opening;
  for (let message = 1; message <= MAX_MESSAGES; message += 1) {
    const { dialogue: after, reply }: Move = handler(conversation, text, asked);
    if (reply === null) return message;
    conversation = after;
    asked = reply;
    const wants = askedIn(reply);
    const back = wish("return_date");
    const answers = [
      wants.has("origin") ? `from ${wish("origin")}` : "",
      wants.has("destination") ? `to ${wish("destination")}` : "",
      wants.has("departure_date") ? `leaving ${wish("departure_date")}` : "",
      wants.has("return_date") && back ? `returning ${back}` : "",
    ].filter((part) => part !== "");
    text = answers.length > 0 ? answers.join(", ") : "yes";
  }
  return null;
}

/** How many messages both dialogues take to a search, in a line. */
export function messagesToSearch(dialogues: readonly Dialogue[], now: number): string {
  const smart: Handler = (before, text, said) => {
    const { trip, dialogue } = before;
    const heard = { text, now, said, trip, topic: dialogue.topic, dayOrder: null };
    return converse(before, text, understand(heard), now);
  };
  const steps: Handler = (before, text) => stepByStep(before, text, now);
  const taken = dialogues.flatMap((dialogue) => {
    const [one, other] = [messagesTo(smart, dialogue), messagesTo(steps, dialogue)];
    return one === null || other === null ? [] : [{ smart: one, steps: other }];
  });
  const bySmart = mean(taken.map((each) => each.smart));
  const bySteps = mean(taken.map((each) => each.steps));
  return `messages to a search, ${taken.length} dialogues: ${bySmart.toFixed(2)} smart, ${bySteps.toFixed(2)} step by step, ratio ${(bySteps / bySmart).toFixed(2)}`;
}

const mean = (counts: readonly number[]): number =>
  counts.reduce((sum, each) => sum + each, 0) / counts.length;

import { datesIn } from "./dates/dates-in.ts";
import type { Dialogue, Move } from "./dialogue.ts";
import { placesIn } from "./places.ts";
import { problemOf } from "./problems.ts";
import { EMPTY_TRIP } from "./slots.ts";
import type { Trip } from "./slots.ts";

/** The rigid dialogue that the other is compared with: one question a message, and nothing taken but its answer. */
export function stepByStep(before: Dialogue, text: string, now: number): Move {
  const { step, messages } = before.dialogue;
  const at = (next: NonNullable<typeof step>, reply: string | null, trip: Trip): Move => ({
    dialogue: { trip, dialogue: { ...before.dialogue, step: next, messages: messages + 1 } },
    reply,
  });
  if (step === null || step === "done")
    return at("origin", "Let's find you a flight. Where are you flying from?", EMPTY_TRIP);
  const { trip } = before;
  if (step === "dates") {
    const [out, ...rest] = datesIn(text, now);
    if (!out)
      return at(
        "dates",
        'When do you leave? For example "24 December", or "24 December to 2 January".',
        trip,
      );
    const back = out.until ?? rest[0]?.day ?? null;
    const dated: Trip = {
      ...trip,
      departure_date: out.day,
      return_date: back,
      kind: back === null ? "one_way" : "round_trip",
    };
    const problem = problemOf(dated, now);
    return problem ? at("dates", problem.text, trip) : at("done", null, dated);
  }
  const place = placesIn(text)[0]?.place;
  if (!place) return at(step, "I do not know that place. Which city or airport?", trip);
  if (step === "origin")
    return at("destination", "Where do you want to go?", { ...trip, origin: place.code });
  const chosen = { ...trip, destination: place.code };
  const problem = problemOf(chosen, now);
  return problem
    ? at("destination", problem.text, trip)
    : at("dates", "When do you leave, and when do you return if you do?", chosen);
}

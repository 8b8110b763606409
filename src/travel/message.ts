import type { DayOrder } from "./dates/numeric-dates.ts";
import type { UnknownPlace } from "./place-roles.ts";
import type { Place } from "./gazetteer.ts";
import type { EssentialSlot, Trip, TripPatch } from "./slots.ts";
import type { Topic } from "./topic.ts";

/** What was said, and when. */
export interface Message {
  text: string;
  /** In ms since the epoch. */
  now: number;
  /** What the assistant said last, to which this may be the answer. */
  said: string | null;
  /** What is known already. */
  trip: Trip;
  /** What the conversation is about, and the last place that was named beside flights. */
  topic: Topic;
  /** How the user's country writes dates in digits. */
  dayOrder: DayOrder;
}

export interface Understood {
  patch: TripPatch;
  topic: Topic;
  /** What the patch says of these is likely rather than certain. */
  unsure: EssentialSlot[];
  /** Namesakes of the places in the patch, by slot: which one is meant may have to be asked. */
  namesakes: { origin?: Place[]; destination?: Place[] };
  /** Names that stand where places do, and are none that is known. */
  unknown: UnknownPlace[];
}

import type { DayOrder } from "./dates/numeric-dates.ts";
import type { UnknownPlace } from "./place-roles.ts";
import type { Place } from "./gazetteer.ts";
import type { EssentialSlot, Trip, TripPatch } from "./slots.ts";
import type { Topic } from "./topic.ts";

/** A message with its context. */
export interface Message {
  text: string;
  /** In ms since the epoch. */
  now: number;
  /** The assistant's last words, which this message may answer. */
  said: string | null;
  /** The trip as it is known already. */
  trip: Trip;
  /** The topic, and the last place that was named beside flights. */
  topic: Topic;
  /** How the user's country writes dates in digits. */
  dayOrder: DayOrder;
}

export interface Understood {
  patch: TripPatch;
  topic: Topic;
  /** Slots of the patch that are likely rather than certain. */
  unsure: EssentialSlot[];
  /** Namesakes of the places in the patch, by slot: which one is meant may have to be asked. */
  namesakes: { origin?: Place[]; destination?: Place[] };
  /** Names that stand where places do, and are none that is known. */
  unknown: UnknownPlace[];
}

import type { Database } from "../../../sqlite/database.ts";
import { deleteValue, readValue, writeValue } from "../account/account-values.ts";

declare module "../account/account-values.ts" {
  interface AccountValues {
    /** See {@link failedPlace}. */
    failed_places: Partial<Record<FailingStep, number | string>>;
  }
}

/** Steps of the maintenance that take some objects at a time, in the order of their ids or keys. */
export type FailingStep = "expire" | "reencrypt" | "replicate";

/**
 * The last object that a step of the maintenance could not do. The next step takes objects after it, so that damaged ones
 * do not keep the others from being done. Null: it begins with the first.
 */
export const failedPlace = (db: Database, step: FailingStep): number | string | null =>
  readValue(db, "failed_places")?.[step] ?? null;

/**
 * The next objects of a step: after the last that failed, or from the first again where none come after it. A maintenance so
 * tells of damaged objects also where the one before ended with the last of them.
 */
export function afterFailed<T>(
  db: Database,
  step: FailingStep,
  read: (after: number | string | null) => T[],
): T[] {
  const place = failedPlace(db, step);
  const next = read(place);
  if (place === null || next.length > 0) return next;
  noteFailedPlace(db, step, null);
  return read(null);
}

/** @param place - null after the last object: all are tried again. */
export function noteFailedPlace(
  db: Database,
  step: FailingStep,
  place: number | string | null,
): void {
  if (failedPlace(db, step) === place) return;
  const { [step]: _, ...others } = readValue(db, "failed_places") ?? {};
  const places = place === null ? others : { ...others, [step]: place };
  if (Object.keys(places).length === 0) deleteValue(db, "failed_places");
  else writeValue(db, "failed_places", places);
}

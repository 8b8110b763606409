import type { Database } from "../../../sqlite/database.ts";
import { isCacheKey } from "../../../outbound/cache-keys.ts";
import {
  cancelDeletion,
  deleteSegment,
  isDoomed,
  objectsToDelete,
  scheduleDeletion,
  staleSegments,
} from "../../store/archive/archives.ts";
import type { Counters } from "../../store/usage/counters.ts";
import { DELETE_KEYS } from "../storage/object-store.ts";
import type { ObjectStore } from "../storage/object-store.ts";

export interface DeleteObjectsParts {
  db: Database;
  store: ObjectStore;
  counters: Counters;
  /** Called before objects are deleted; an object whose deletion it cancels stays. */
  beforeDelete: (objectKeys: readonly string[]) => Promise<void>;
  /** Deletes entries of the cache. */
  forgetCached: (cacheKeys: readonly string[]) => Promise<void>;
}

/** Deletes the objects whose deletion is scheduled: orphans of crashes, rewritten segments, segments that nothing is left in. */
export async function deleteObjects({
  db,
  store,
  counters,
  beforeDelete,
  forgetCached,
}: DeleteObjectsParts): Promise<void> {
  const stale = await staleSegments(db);
  if (stale.length > 0) {
    db.transaction(() => {
      counters.changing();
      for (const { id, object_key, bytes } of stale) {
        deleteSegment(db, id);
        scheduleDeletion(db, object_key);
        counters.archivesChanged(0, -bytes);
      }
    });
  }
  for (
    let doomed = objectsToDelete(db, DELETE_KEYS);
    doomed.length > 0;
    doomed = objectsToDelete(db, DELETE_KEYS)
  ) {
    await beforeDelete(doomed);
    const [cached, objects] = [doomed.filter(isCacheKey), doomed.filter((key) => !isCacheKey(key))];
    await forgetCached(cached);
    if (objects.length > 0) await store.delete(objects.filter((key) => isDoomed(db, key)));
    const deleted = doomed;
    db.transaction(() => deleted.forEach((objectKey) => cancelDeletion(db, objectKey)));
  }
}

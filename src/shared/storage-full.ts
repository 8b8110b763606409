import { ApiError } from "./errors.ts";

/** The refusal of what an object's full SQLite cannot take. Nothing of it was kept. */
export const storageFull = (what = "Storage is full; nothing was acknowledged."): ApiError =>
  new ApiError(
    "storage_full",
    `${what} Erase sessions, or have idle ones archived: POST /purge with older_than_days.`,
  );

/** Whether the runtime says that SQLite's file cannot grow. The text is SQLite's own; the error has no code. */
export const isStorageFull = (error: unknown): boolean =>
  error instanceof Error && /SQLITE_FULL|database or disk is full/.test(error.message);

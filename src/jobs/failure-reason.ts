import { ApiError } from "../shared/errors.ts";

/** Why a job failed: a code, or the error's name. Other messages may quote what users wrote: they are in the log alone. */
export const reasonOf = (error: unknown): string =>
  error instanceof ApiError
    ? `${error.code}: ${error.message}`
    : error instanceof Error
      ? error.name
      : "unknown";

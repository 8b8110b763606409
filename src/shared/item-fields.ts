import { z } from "zod";

import { MAX_TIME_MS, isoTime } from "./time.ts";

const TIME_RULE = "takes a time like 2026-01-31T00:00:00.000Z";
/** A moment in ms since the epoch, from RFC 3339. */
export const momentMs = () =>
  z.iso.datetime({ offset: true, error: TIME_RULE }).transform(Date.parse);

/** The longest id of an imported item, in characters. */
export const ITEM_ID = 256;

/** Fields of imported items. */
export const imported = () => ({
  /** The id in the system that it came from. */
  id: z.string().min(1).max(ITEM_ID).optional(),
  /** The item's time, if it differs from its turn's. */
  created_at: momentMs()
    .refine((ms) => ms >= 0 && ms < MAX_TIME_MS, "takes a time from 1970 to 9999")
    .transform(isoTime)
    .optional(),
});

/** An item that the model did not finish. */
export const cutOff = () => ({ status: z.literal("incomplete").optional() });

import { z } from "zod";

import { ITEM_ID } from "../../shared/item-fields.ts";
import { text } from "./content-input.ts";

/** Fields that clients send back as they came. They are ignored, and made again for each reply. */
export const echoed = {
  id: z.string().max(ITEM_ID).nullish(),
  status: z.enum(["in_progress", "completed", "incomplete"]).nullish(),
};

export const call_id = text.min(1, "is empty").max(ITEM_ID, `takes ${ITEM_ID} characters at most`);
/** A model may invent names that no function can have: what was told is taken back. */
export const calledName = text
  .min(1, "is empty")
  .max(ITEM_ID, `takes ${ITEM_ID} characters at most`);
/** Data that Google wants back with a call. Other values are ignored. */
export const extra = z
  .looseObject({ google: z.looseObject({ thought_signature: text.nullish() }).nullish() })
  .nullish()
  .catch(null);
export const signatureOf = (sent: z.infer<typeof extra>): { signature?: string } => {
  const signature = sent?.google?.thought_signature;
  return signature ? { signature } : {};
};

import { z } from "zod";

/** What each peer is sent, and checks as a careful backend would. */
export const question = z.object({
  query: z.string().min(1),
  session_id: z.string().min(1),
  accountId: z.string().min(1),
});
export type Question = z.infer<typeof question>;

/** A question with its answer, from a caller that asked the model itself. */
export const exchange = question.extend({ response: z.string().min(1) });
export type Exchange = z.infer<typeof exchange>;

/** How many messages a model is shown before the new one. */
export const WINDOW = 10;

import { z } from "zod";

/** What each peer is sent, and checks as a careful backend would. */
export const question = z.object({
  query: z.string().min(1),
  session_id: z.string().min(1),
  accountId: z.string().min(1),
});
export type Question = z.infer<typeof question>;

/** How many messages a model is shown before the new one. */
export const WINDOW = 10;

/** The instant model of all: some 200 bytes, made of the question. The number shows that the context was read. */
export const instantReply = (query: string, seen: number): string =>
  `After ${seen} messages you said: "${query.slice(0, 170)}"`;

import { bodyLimit } from "hono/body-limit";

import { bodyTooLarge } from "./problem.ts";

/** Refuses larger bodies with `body_too_large`. @param maxSize - in bytes */
export const limitBody = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw bodyTooLarge();
    },
  });

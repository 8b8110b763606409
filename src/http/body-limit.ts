import { bodyLimit } from "hono/body-limit";

import { bodyTooLarge } from "./problem.ts";

/** Refuses a body of more than so many bytes with `body_too_large`. */
export const limitBody = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw bodyTooLarge();
    },
  });

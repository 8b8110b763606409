import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";

import { CONTENT_BYTES } from "../shared/stored-bounds.ts";
import { bodyTooLarge } from "./problem.ts";

/** For the bodies of all routes that have no limit of their own. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** Routes that take pictures and files. */
const WITH_MEDIA = /^\/(?:v1\/(?:responses|chat\/completions|conversations)|chat)(?:\/|$)/;

/** How many bytes the body of a route takes. */
export const maxBodyBytes = (path: string): number =>
  WITH_MEDIA.test(path) ? CONTENT_BYTES : MAX_BODY_BYTES;

/** Refuses larger bodies with `body_too_large`. @param maxSize - in bytes */
export const limitBody = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw bodyTooLarge(maxSize);
    },
  });

/** The same by {@link maxBodyBytes} of each route. */
export function limitBodies(): MiddlewareHandler {
  const [plain, large] = [limitBody(MAX_BODY_BYTES), limitBody(CONTENT_BYTES)];
  return (c, next) =>
    maxBodyBytes(c.req.path) === CONTENT_BYTES ? large(c, next) : plain(c, next);
}

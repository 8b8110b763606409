import type { z } from "zod";

/**
 * The schema inside a lazy schema, made once: its own `unwrap` makes it again each time.
 *
 * Schemas that few requests need are lazy, since each takes some 20 µs of start-up.
 */
export const unwrapLazySchema = <T extends z.core.$ZodType>(lazy: z.ZodLazy<T>): T =>
  // oxlint-disable-next-line no-underscore-dangle -- Where zod keeps it for libraries.
  lazy._zod.innerType;

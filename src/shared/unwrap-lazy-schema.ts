import type { z } from "zod";

/**
 * What a lazy schema is, made once: its `unwrap` would make it again.
 *
 * Schemas are lazy where start-up would pay for many of them and few requests need them: each takes some 20 µs to make.
 */
export const unwrapLazySchema = <T extends z.core.$ZodType>(lazy: z.ZodLazy<T>): T =>
  // oxlint-disable-next-line no-underscore-dangle -- Where zod keeps it for libraries.
  lazy._zod.innerType;

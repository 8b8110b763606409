import { ExponentialBackoff, fullJitterGenerator, handleWhen, retry } from "cockatiel";

const MAX_RETRIES = 3;

/** Retries transient failures, after random parts of 50, 100 and 200 ms. For idempotent work. */
export const retrying = (isTransient: (error: Error) => boolean) =>
  retry(
    handleWhen((error) => error instanceof Error && isTransient(error)),
    {
      maxAttempts: MAX_RETRIES,
      backoff: new ExponentialBackoff({
        initialDelay: 50,
        maxDelay: 1_000,
        generator: fullJitterGenerator,
      }),
    },
  );

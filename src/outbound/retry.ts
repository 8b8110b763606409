import { ExponentialBackoff, fullJitterGenerator, handleWhen, retry } from "cockatiel";

const TRIES_AFTER_THE_FIRST = 3;

/**
 * Tries again what failed for a moment, after a random part of 50, 100 and 200 ms. For work that may run twice.
 *
 * @param isPassing - whether the failure may be over by then
 */
export const retrying = (isPassing: (error: Error) => boolean) =>
  retry(
    handleWhen((error) => error instanceof Error && isPassing(error)),
    {
      maxAttempts: TRIES_AFTER_THE_FIRST,
      backoff: new ExponentialBackoff({
        initialDelay: 50,
        maxDelay: 1_000,
        generator: fullJitterGenerator,
      }),
    },
  );

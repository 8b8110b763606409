import { createColloquy } from "../client/index.ts";
import type { Colloquy } from "../client/index.ts";

export type Client = Colloquy;

export interface Target {
  to: URL;
  key: string | undefined;
  account: string | undefined;
}

/**
 * A client for one request at a time. It waits when the server asks for it, and sends again what may pass, for some three
 * minutes in all. Everything that the command sends may come twice.
 *
 * @param onWait - is told when it waits, why, and for how long
 */
export const connect = (
  { to, key, account }: Target,
  onWait: (reason: string, ms: number) => void,
): Client =>
  createColloquy({
    baseUrl: to.href,
    key,
    account,
    retry: {
      tries: 9,
      maxWaitMs: 60_000,
      // A batch of an import may take long where sessions are read from an archive.
      timeoutMs: 5 * 60_000,
      repeatAll: true,
      onWait,
    },
  });

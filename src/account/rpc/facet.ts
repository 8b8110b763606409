import { serveRpc } from "../../rpc/serve.ts";
import type { Result } from "../../shared/errors.ts";
import { checkWholeAccount } from "../../shared/principal.ts";
import type { Principal } from "../../shared/principal.ts";
import type { Account } from "../account.ts";

declare const SERVED: unique symbol;

/** An RPC method that says whom it serves. Only {@link user}, {@link wholeAccount} and {@link worker} make one. */
export interface Method<A extends unknown[], R> {
  readonly [SERVED]?: true;
  serve: (rpc: string, account: Account, args: A) => Promise<Result<Awaited<R>>>;
}

export type AnyMethod = Method<never, unknown>;

/** The RPC methods of a facet, typed as a caller sees them. */
export type Facet<M extends Record<string, AnyMethod>> = {
  [K in keyof M]: M[K] extends Method<infer A, infer R>
    ? (...args: A) => Promise<Result<Awaited<R>>>
    : never;
};

type Work<A extends unknown[], R> = (account: Account, caller: Principal | null, ...args: A) => R;

function forCallers(check: (caller: Principal | null) => void) {
  const method =
    (isChange: boolean) =>
    <A extends unknown[], R>(
      work: Work<A, R>,
    ): Method<[caller: Principal | null, ...args: A], R> => ({
      serve: (rpc, account, [caller, ...args]) =>
        serveRpc(rpc, () => {
          account.services.apiKeys.check(caller?.key ?? null, Date.now());
          check(caller);
          if (isChange) account.checkNotErasing();
          return work(account, caller, ...args);
        }),
    });
  return { serves: method(false), changes: method(true) };
}

/** Methods for callers that may speak for one user: the work itself reaches only what is theirs. A revoked key is refused. */
export const user = forCallers(() => undefined);

/** Methods for callers that speak for the whole account. A key or token of one user is refused, and a revoked key is. */
export const wholeAccount = forCallers(checkWholeAccount);

const workerMethod =
  (isChange: boolean) =>
  <A extends unknown[], R>(work: (account: Account, ...args: A) => R): Method<A, R> => ({
    serve: (rpc, account, args) =>
      serveRpc(rpc, () => {
        if (isChange) account.checkNotErasing();
        return work(account, ...args);
      }),
  });

/**
 * Methods for the Worker itself, after it has checked its caller: they take no principal.
 *
 * `changes`, here and above, is refused while the account is being erased: what it writes would be lost.
 */
export const worker = { serves: workerMethod(false), changes: workerMethod(true) };

/** The RPC methods of one subject. A method that does not say whom it serves is a type error. */
export const defineFacet = <M extends Record<string, AnyMethod>>(methods: M): M => methods;

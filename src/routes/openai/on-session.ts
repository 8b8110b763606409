import { withAccount } from "../../edge/account.ts";
import type { AccountNames } from "../../edge/account.ts";
import type { AppContext } from "../../edge/context.ts";
import { pathId } from "../../edge/validate.ts";
import { ApiError } from "../../errors.ts";
import type { Result } from "../../errors.ts";
import type { AccountStub } from "../../objects/reach.ts";
import type { Scope } from "../../scopes.ts";
import type { Principal } from "../../store/principal.ts";

export type OnSession = <T>(
  c: AppContext,
  scope: Scope,
  names: AccountNames,
  call: (account: AccountStub, caller: Principal | null, sessionId: string) => Promise<Result<T>>,
) => Promise<T>;

/**
 * {@link withAccount}, about the session that the path names.
 *
 * @param field - under which name it is in the path
 * @param notFound - what is said where there is none, by the route's own word for it
 */
export const onSession =
  (field: string, notFound: () => ApiError): OnSession =>
  async (c, scope, names, call) => {
    const sessionId = pathId(c, field);
    try {
      return await withAccount(c, scope, names, (account, caller) =>
        call(account, caller, sessionId),
      );
    } catch (error) {
      const isGone =
        error instanceof ApiError &&
        (error.code === "session_not_found" || error.code === "session_erased");
      throw isGone ? notFound() : error;
    }
  };

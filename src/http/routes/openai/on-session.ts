import { withAccount } from "../../auth/authorise.ts";
import type { AccountNames } from "../../auth/authorise.ts";
import type { AppContext } from "../../context.ts";
import { pathId } from "../../read-request.ts";
import { ApiError } from "../../../shared/errors.ts";
import type { Result } from "../../../shared/errors.ts";
import type { AccountRpc } from "../../../account/rpc/facets.ts";
import type { Scope } from "../../../shared/scopes.ts";
import type { Principal } from "../../../shared/principal.ts";

export type OnSession = <T>(
  c: AppContext,
  scope: Scope,
  names: AccountNames,
  call: (account: AccountRpc, caller: Principal | null, sessionId: string) => Promise<Result<T>>,
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

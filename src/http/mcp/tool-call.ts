import type { CallToolResult } from "@modelcontextprotocol/server";

import { callAccount } from "../../account/account-client.ts";
import type { AccountRpc } from "../../account/rpc/facets.ts";
import { ApiError } from "../../shared/errors.ts";
import type { Result } from "../../shared/errors.ts";
import type { Principal } from "../../shared/principal.ts";
import type { Scope } from "../../shared/scopes.ts";
import { requireScope } from "../auth/authorise.ts";
import type { Access } from "../auth/authorise.ts";
import type { AppContext } from "../context.ts";
import { asApiError } from "../problem.ts";

/** The request that a tool is called in. */
export interface ToolContext {
  c: AppContext;
  access: Access;
  /** Ms since the epoch. */
  now: number;
}

/** One RPC to the account's object, for the caller or for the one user that an account's key names. */
export function callFor<T>(
  { c, access }: ToolContext,
  userId: string | undefined,
  send: (account: AccountRpc, caller: Principal | null) => Promise<Result<T>>,
): Promise<T> {
  const caller = principalFor(access, userId);
  return callAccount(c.env, access.account_id, (account) => send(account, caller));
}

/** @throws ApiError `forbidden` for another user than the key's own */
function principalFor({ principal }: Access, userId: string | undefined): Principal | null {
  if (userId === undefined || principal?.user_id === userId) return principal;
  if (principal?.user_id === undefined) return { key: principal?.key ?? null, user_id: userId };
  throw new ApiError(
    "forbidden",
    "The key or token speaks for another user. Leave user_id out, or send its own.",
    { param: "user_id" },
  );
}

/** The user that a tool is about. @throws ApiError `invalid_request` where an account's key names none */
export function userOf({ access }: ToolContext, named: string | undefined): string {
  const userId = named ?? access.principal?.user_id;
  if (userId !== undefined) return userId;
  throw new ApiError("invalid_request", "The key is an account's: name the user in user_id.", {
    param: "user_id",
  });
}

/** Runs a tool for a key with the scope. A refusal is a result that the model can read. */
export async function toolResult(
  { c }: ToolContext,
  scope: Scope,
  work: () => Promise<Record<string, unknown>>,
): Promise<CallToolResult> {
  try {
    requireScope(c, scope);
    const result = await work();
    return {
      content: [{ type: "text", text: JSON.stringify(result) }],
      structuredContent: result,
    };
  } catch (error) {
    const { code, message } = asApiError(error);
    return { isError: true, content: [{ type: "text", text: `${code}: ${message}` }] };
  }
}

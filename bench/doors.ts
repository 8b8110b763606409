import { WorkerEntrypoint } from "cloudflare:workers";

import { unwrap } from "../src/shared/errors.ts";
import type { SweepRequest, SweepResult } from "../src/account/archive/upkeep/sweep.ts";
import type { FillPlan, FillableConversationDO } from "./fillable-conversation.ts";
import type { Piece } from "./search-pieces.ts";
import { accountRpc } from "../src/account/account-client.ts";

export interface DoorsEnv {
  CONVERSATIONS: DurableObjectNamespace<FillableConversationDO>;
  ARCHIVE: R2Bucket;
}

/** What each door takes and gives. Each is one RPC to the account's object, or one look into its bucket. */
export interface DoorCalls {
  rows: { takes: object; gives: { read: number; written: number } };
  storage_bytes: { takes: object; gives: number };
  fill: { takes: FillPlan; gives: string[] };
  evict: { takes: object; gives: null };
  sweep: { takes: SweepRequest; gives: SweepResult };
  archive_objects: { takes: object; gives: number };
  digest: { takes: object; gives: string };
  wipe: { takes: object; gives: null };
  search_pieces: { takes: object; gives: Piece[] };
}

type Door<Name extends keyof DoorCalls> = (
  env: DoorsEnv,
  account: string,
  takes: DoorCalls[Name]["takes"],
) => Promise<DoorCalls[Name]["gives"]>;

/** The object ends before it can answer. */
const gone = (ending: Promise<void>): Promise<null> =>
  ending.then(
    () => null,
    () => null,
  );

const doors: { [Name in keyof DoorCalls]: Door<Name> } = {
  rows: async (env, account) =>
    unwrap(await accountRpc(env.CONVERSATIONS.getByName(account)).settings.rows()),
  storage_bytes: async (env, account) =>
    unwrap(await accountRpc(env.CONVERSATIONS.getByName(account)).settings.stats(null, Date.now()))
      .storage_bytes,
  fill: (env, account, plan) => env.CONVERSATIONS.getByName(account).fill(plan),
  evict: (env, account) => gone(env.CONVERSATIONS.getByName(account).evict()),
  digest: (env, account) => env.CONVERSATIONS.getByName(account).digest(),
  search_pieces: (env, account) => env.CONVERSATIONS.getByName(account).takePieces(),
  wipe: (env, account) => gone(env.CONVERSATIONS.getByName(account).wipe()),
  sweep: async (env, account, request) =>
    unwrap(await accountRpc(env.CONVERSATIONS.getByName(account)).archives.sweep(null, request)),
  archive_objects: async (env, account) => {
    let objects = 0;
    let cursor: string | undefined;
    for (;;) {
      const prefix = `conversations/${account}/`;
      const page = await env.ARCHIVE.list({ prefix, ...(cursor !== undefined && { cursor }) });
      objects += page.objects.length;
      if (!page.truncated) return objects;
      ({ cursor } = page);
    }
  },
};

/** RPC for the benchmark's process: `POST /<door>/<account>` with what it takes, as JSON. */
export class Doors extends WorkerEntrypoint<DoorsEnv> {
  override async fetch(request: Request): Promise<Response> {
    const [, door = "", account = ""] = new URL(request.url).pathname.split("/");
    const open = doors[door as keyof DoorCalls] as Door<keyof DoorCalls>;
    return Response.json(await open(this.env, account, await request.json()));
  }
}

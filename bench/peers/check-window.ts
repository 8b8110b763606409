import { Client } from "../client.ts";
import { WINDOW } from "./question.ts";
import type { Running } from "./told.ts";
import { requestOf } from "./work.ts";
import type { Kind } from "./work.ts";

/** Colloquy shows 20 messages where nothing else is set. */
export async function setWindow(url: URL, accounts: string[]): Promise<void> {
  const body = JSON.stringify({ window: { messages: WINDOW } });
  for (const account of accounts) {
    const path = `/admin/accounts/${account}/assistants/default`;
    const { ok } = await fetch(new URL(path, url), { method: "PUT", body });
    if (!ok) throw new Error("the window could not be set");
  }
}

/** That a peer does what it is measured by: what it was sent is there, and the model is shown it. */
export async function checkWindow(
  { url, title, isColloquy }: Running,
  kind: Kind,
  account: string,
): Promise<void> {
  const client = await Client.open(url);
  const session = { accountId: account, session_id: `checked-${account}` };
  for (let turn = 0; turn < WINDOW; turn += 1) {
    const asked = { ...session, query: `turn ${turn}` };
    // A write has no reply to look at: the last one is a turn, and shows what the writes left.
    const how = turn === WINDOW - 1 ? "turn" : kind;
    const reply = JSON.parse(String(await client.send(requestOf(how, isColloquy, asked)))) as {
      response: string;
    };
    if (how === "write") continue;
    const seen = Math.min(2 * turn, WINDOW);
    if (!reply.response.startsWith(`After ${seen} messages you said: "turn ${turn}`))
      throw new Error(`${title} has lost its way: ${reply.response}`);
  }
  client.close();
}

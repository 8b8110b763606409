import { Client, post } from "./client.ts";
import { fill } from "./fill.ts";
import { atMost, figure, held } from "./figure.ts";
import type { Figure } from "./figure.ts";
import type { Platform, Target } from "./platform.ts";
import { median } from "./samples.ts";

const TURNS = 20;
/** Each takes a tenth of a second. */
const SLOW_TURNS = 8;
const ACCOUNT = "rows";

interface Bill {
  read: number[];
  written: number[];
}

/** Rows read and written by each of several turns, as the object itself counts them. */
async function bill(
  { url, door }: Target,
  turns: number,
  about: (turn: number) => { session_id: string } | { user_id: string },
): Promise<Bill> {
  const client = await Client.open(url);
  const bills: Bill = { read: [], written: [] };
  try {
    for (let turn = 0; turn < turns; turn += 1) {
      const before = await door("rows", ACCOUNT, {});
      await client.send(
        post("/query", {
          query: "What is 12 * 7?",
          accountId: ACCOUNT,
          ...about(turn),
        }),
      );
      const after = await door("rows", ACCOUNT, {});
      bills.read.push(after.read - before.read);
      bills.written.push(after.written - before.written);
    }
  } finally {
    client.close();
  }
  return bills;
}

const spread = (samples: number[]): string =>
  `${samples.length} turns, ${Math.min(...samples)} to ${Math.max(...samples)}`;

const shown = (name: string, samples: number[]): Figure =>
  figure(name, median(samples), "rows", spread(samples));

const session = (session_id: string) => () => ({ session_id });

/** The default assistant's, for the account. */
async function setWindow({ url }: Target, messages: number): Promise<void> {
  const path = `/admin/accounts/${ACCOUNT}/assistants/default`;
  const body = JSON.stringify({ window: { messages } });
  const { ok } = await fetch(new URL(path, url), { method: "PUT", body });
  if (!ok) throw new Error("the window could not be set");
}

export async function measureRows({ product, upstream }: Platform): Promise<Figure[]> {
  const sessionAt = async (turns: number) => {
    const plan = { sessions: 1, turns, message_bytes: 200, together: 1, at: Date.now() };
    const [id] = await fill(product.door, ACCOUNT, plan);
    return id ?? "";
  };
  const [shallow, deep] = [await sessionAt(10), await sessionAt(10_000)];
  // An account's first turns write more, once: its key block, its model's name, its entry in the directory.
  await bill(product, 2, session(shallow));
  await bill(upstream, 2, session("slow"));
  await bill(product, 1, () => ({ user_id: "ann" }));

  const usual = await bill(product, TURNS, session(shallow));
  const user = await bill(product, TURNS, () => ({ user_id: "ann" }));
  const slow = await bill(upstream, SLOW_TURNS, session("slow"));
  const fresh = await bill(product, TURNS, (turn) => ({ session_id: `new_${turn}` }));
  await setWindow(product, 10);
  const instant = await bill(product, TURNS, session(shallow));
  const at10k = await bill(product, TURNS, session(deep));
  const [read, readDeep] = [median(instant.read), median(at10k.read)];
  return [
    atMost(1, shown("rows written, turn on the same day, instant answer", instant.written)),
    atMost(2, shown("rows written, turn on the same day, answer after 100 ms", slow.written)),
    atMost(
      median(instant.written) + 2,
      shown("rows written, first turn of a session, instant answer", fresh.written),
    ),
    atMost(
      median(instant.written),
      shown("rows written, turn of a user without session_id", user.written),
    ),
    atMost(10, shown("rows read a turn, window of 10, 10 turns deep", instant.read)),
    held(
      shown("rows read a turn, window of 10, 10,000 turns deep", at10k.read),
      "the same",
      read === readDeep,
    ),
    shown("rows read a turn, window of 20, 10 turns deep", usual.read),
    shown("rows read a turn, likewise, of a user without session_id", user.read),
  ];
}

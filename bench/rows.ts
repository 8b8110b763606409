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
  sessionOf: (turn: number) => string,
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
          session_id: sessionOf(turn),
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

export async function measureRows({ product, upstream }: Platform): Promise<Figure[]> {
  const sessionAt = async (turns: number) => {
    const plan = { sessions: 1, turns, message_bytes: 200, together: 1, at: Date.now() };
    const [id] = await fill(product.door, ACCOUNT, plan);
    return id ?? "";
  };
  const [shallow, deep] = [await sessionAt(10), await sessionAt(10_000)];
  // An account's first turns write more, once: its key block, its model's name, its entry in the directory.
  await bill(product, 2, () => shallow);
  await bill(upstream, 2, () => "slow");

  const instant = await bill(product, TURNS, () => shallow);
  const slow = await bill(upstream, SLOW_TURNS, () => "slow");
  const fresh = await bill(product, TURNS, (turn) => `new_${turn}`);
  const at10k = await bill(product, TURNS, () => deep);
  const [read, readDeep] = [median(instant.read), median(at10k.read)];
  return [
    atMost(1, shown("rows written, turn on the same day, instant answer", instant.written)),
    atMost(2, shown("rows written, turn on the same day, answer after 100 ms", slow.written)),
    atMost(
      median(instant.written) + 2,
      shown("rows written, first turn of a session, instant answer", fresh.written),
    ),
    atMost(10, shown("rows read a turn, 10 turns deep", instant.read)),
    held(shown("rows read a turn, 10,000 turns deep", at10k.read), "the same", read === readDeep),
  ];
}

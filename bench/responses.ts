import { Client, post } from "./client.ts";
import { atMost, figure } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { LOAD_ACCOUNT, Load, interleave, paired } from "./load.ts";
import type { Platform, Target } from "./platform.ts";
import { median } from "./samples.ts";

export interface ResponsesPlan {
  rounds: number;
  roundMs: number;
}

const QUESTION = "What is 12 * 7?";
const ACCOUNT = "responses";
const TURNS = 20;

/** `/v1/responses` beside `/query`: the same turn, told in other words. */
export async function measureResponses(
  { product }: Platform,
  { rounds, roundMs }: ResponsesPlan,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const clients of [1, 16]) {
    const queries = await Load.on(product.url, clients);
    const responses = await Load.on(product.url, clients, (conversation) =>
      post(`/v1/responses?account_id=${LOAD_ACCOUNT}`, {
        input: QUESTION,
        conversation,
        truncation: "auto",
      }),
    );
    const loads = [queries, responses];
    for (const load of loads) await load.run(roundMs);
    await interleave(loads, rounds, roundMs);
    figures.push(
      figure(
        `throughput, /v1/responses to /query, ${clients} client${clients === 1 ? "" : "s"}`,
        paired(responses, queries, (a, b) => a.perSecond / b.perSecond),
        "ratio",
        "the same window; median of the rounds' ratios",
      ),
    );
  }
  return [...figures, ...(await rowsOf(product))];
}

/** What a turn costs, whole, streamed, and of a conversation that is shown whole. */
async function rowsOf(product: Target): Promise<Figure[]> {
  const { url, door } = product;
  const client = await Client.open(url);
  const path = `/v1/responses?account_id=${ACCOUNT}`;
  const ask = (body: object) => client.send(post(path, { input: QUESTION, ...body }));
  const first = JSON.parse(String(await ask({}))) as { conversation: { id: string } };
  const { conversation } = first;
  const stream = async () => {
    const body = JSON.stringify({ input: QUESTION, conversation, stream: true });
    await (await fetch(new URL(path, url), { method: "POST", body })).text();
  };
  const written = async (turn: () => Promise<unknown>): Promise<number> => {
    const samples: number[] = [];
    for (let n = 0; n < TURNS; n += 1) {
      const before = await door("rows", ACCOUNT, {});
      await turn();
      samples.push((await door("rows", ACCOUNT, {})).written - before.written);
    }
    return median(samples);
  };
  const whole = await written(() => ask({ conversation }));
  const streamed = await written(stream);
  client.close();
  return [
    atMost(1, figure("rows written, response of an instant answer", whole, "rows")),
    atMost(1, figure("rows written, likewise, streamed", streamed, "rows")),
  ];
}

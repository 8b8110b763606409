import { Client, post } from "./client.ts";
import { figure } from "./figure.ts";
import type { Figure } from "./figure.ts";
import type { Platform } from "./platform.ts";
import { fillOld, sweepAll } from "./purge.ts";
import { median, quantile } from "./samples.ts";

const ACCOUNT = "beside";

/** How long turns of an account wait while the same account is swept. */
export async function measureBeside({ product }: Platform, sessions: number): Promise<Figure[]> {
  await fillOld(product, ACCOUNT, sessions);
  const client = await Client.open(product.url);
  const turn = post("/query", {
    query: "What is 12 * 7?",
    accountId: ACCOUNT,
    session_id: "beside",
  });
  await client.send(turn);
  const sweep = { over: false };
  const swept = sweepAll(product.door, ACCOUNT).finally(() => {
    sweep.over = true;
  });
  const latencies: number[] = [];
  while (!sweep.over) {
    const began = performance.now();
    await client.send(turn);
    latencies.push(performance.now() - began);
  }
  await swept;
  client.close();
  const name = `a turn while ${sessions.toLocaleString("en")} sessions are swept`;
  return [
    figure(`${name}, p50`, median(latencies), "ms"),
    figure(`${name}, p99`, quantile(latencies, 0.99), "ms"),
    figure(`${name}, longest`, Math.max(...latencies), "ms"),
  ];
}

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { read, readStats } from "./client.ts";
import type { Session } from "./client.ts";
import { eventually, expect } from "./expect.ts";
import { ACCOUNT, NightLoad } from "./night-load.ts";
import { OperatorDesk, readAny } from "./operator-screen.ts";
import type { Screen } from "./operator-screen.ts";
import { freshStorage, startServer } from "./server.ts";
import type { Server } from "./server.ts";
import { standInModel } from "./stand-in.ts";

const ENTRY = "test/support/troubled-worker.ts";
const HOUR_MS = 3_600_000;
/** How long a circuit stays open, a queue holds a job, and a busy machine takes. */
const PATIENCE_MS = 180_000;
const MB = 1_000_000;
/** 4 % of it are many short questions. */
const MIN_DISK_MB = 20;
/** Characters of a question that fills the disk. */
const LONG_QUESTION = 20_000;

const archiveKey = () => randomBytes(32).toString("base64");

/**
 * A night on call: the provider goes down, then R2, then a wrong key is deployed, then the account's disk fills up, all
 * under load. Each time the operator's screen says so, and afterwards that it is over. No acknowledged turn is lost.
 */
export async function theNight(): Promise<string> {
  const desk = new OperatorDesk();
  try {
    return await night(desk);
  } finally {
    console.log(desk.text);
  }
}

async function night(desk: OperatorDesk): Promise<string> {
  const storage = freshStorage();
  const trouble = { provider: false, r2: false };
  const model = await standInModel({ delayMs: () => 5, isDown: () => trouble.provider });
  const r2 = await r2Switch(() => trouble.r2);
  const key = archiveKey();
  const deploy = (vars: Record<string, string> = {}) =>
    startServer(
      storage,
      {
        ...model.openai,
        MODEL: `${model.openai["MODEL"]},local`,
        ARCHIVE_KEY: key,
        TROUBLE_URL: r2.url,
        ...vars,
      },
      ENTRY,
    );
  let server = await deploy();
  const load = new NightLoad(server.url);
  const redeploy = async (vars?: Record<string, string>) => {
    await server.stop();
    server = await deploy(vars);
    load.moveTo(server.url);
  };
  const idle = { "x-dev-now": String(Date.now() - 2 * HOUR_MS) };
  for (let n = 0; n < 20; n += 1) await load.ask(`idle-${n}`, idle);
  await settled(server, load);
  const quiet = await desk.look(server, "Nothing is wrong");
  expect(quiet.health.status === "up", `the night began ${quiet.health.status}`);

  trouble.provider = true;
  await until(server, "model", "degraded");
  await settled(server, load);
  const noProvider = await desk.look(server, "The provider is down");
  expect(noProvider.log.has("circuit.opened"), "no circuit was logged as open");
  trouble.provider = false;
  await until(server, "model", "up");

  trouble.r2 = true;
  await until(server, "r2", "down");
  const purge = await post(server, "/purge", { older_than_days: 1 / 24 });
  const isTold = purge["code"] === "archive_unavailable" || Number(purge["errors"]) > 0;
  expect(isTold, `a sweep without R2 says ${JSON.stringify(purge)}`);
  await settled(server, load);
  const noR2 = await desk.look(server, "R2 is down");
  expect(noR2.health.status === "degraded", `without R2 the health was ${noR2.health.status}`);
  trouble.r2 = false;
  await until(server, "r2", "up");
  const again = await post(server, "/purge", { older_than_days: 1 / 24 });
  expect(
    again["errors"] === 0 && Number(again["deleted"]) >= 20,
    `R2 is back, and a sweep says ${JSON.stringify(again)}`,
  );

  await redeploy({ ARCHIVE_KEY: archiveKey() });
  await until(server, "archive_key", "degraded");
  const outcome = await fetch(`${server.url}/sessions/idle-0/turns?accountId=${ACCOUNT}`);
  expect(outcome.status === 503, `a locked archive is answered with ${outcome.status}`);
  await settled(server, load);
  await desk.look(server, "A wrong ARCHIVE_KEY is deployed");
  await redeploy();
  await until(server, "archive_key", "up");

  await fillDisk(server, load, desk, redeploy, () => server);
  await load.stop();
  const over = await desk.look(server, "Morning");
  expect(over.health.status === "up", `the night ended ${over.health.status}`);
  const lost = await load.lost();
  const { acknowledged } = load;
  await server.stop();
  model.close();
  r2.close();
  console.log([...load.refused].map(([what, times]) => `  refused ${what} ×${times}`).join("\n"));
  expect(lost === 0, `${lost} of ${acknowledged} acknowledged turns are lost`);
  return `${acknowledged} turns acknowledged through four outages, 0 lost`;
}

/** The account comes to 60, 70 and 95 % of its disk. Then an operator makes room. */
async function fillDisk(
  before: Server,
  load: NightLoad,
  desk: OperatorDesk,
  redeploy: (vars?: Record<string, string>) => Promise<void>,
  server: () => Server,
): Promise<void> {
  const { storage_bytes } = await read<{ storage_bytes: number }>(
    before.url,
    `/storage-stats?accountId=${ACCOUNT}`,
  );
  // Half of it is used already, at most.
  const limit = Math.max(MIN_DISK_MB, Math.ceil((storage_bytes / MB) * 2));
  await redeploy({ ACCOUNT_MAX_MB: String(limit) });
  const idle = { "x-dev-now": String(Date.now() - 2 * HOUR_MS) };
  let filled = 0;
  const { archived_conversations } = await readStats(server().url, ACCOUNT);
  await eventually("idle sessions are archived early", PATIENCE_MS, async () => {
    for (let n = 0; n < 20; n += 1) {
      filled += 1;
      await load.ask(`filler-${filled}`, idle, LONG_QUESTION);
    }
    const now = await readStats(server().url, ACCOUNT);
    return now.archived_conversations > archived_conversations ? true : null;
  });
  await desk.look(server(), "The disk is 70 % full: idle sessions are archived");
  await eventually("new sessions are refused", PATIENCE_MS, async () => {
    for (let n = 0; n < 20; n += 1) {
      filled += 1;
      if ((await load.ask(`filler-${filled}`, {}, LONG_QUESTION)) !== "200") return true;
    }
    return null;
  });
  const { body, headers } = await sendOne(server(), "one-more");
  expect(headers.get("x-should-retry") === "false", "a client would try a full account again");
  expect(body.includes("storage_full"), `a full account says ${body}`);
  const isGoing = await load.ask(`filler-1`);
  expect(isGoing === "200", `a session that exists got ${isGoing}`);
  await desk.look(server(), "The disk is 95 % full: no session begins");
  await post(server(), "/purge", { older_than_days: 1 / 86_400 });
  await until(server(), "room", "up");
}

const sendOne = async (server: Server, session_id: string) => {
  const response = await fetch(`${server.url}/query?accountId=${ACCOUNT}`, {
    method: "POST",
    body: JSON.stringify({ query: "Hello", session_id }),
  });
  return { body: await response.text(), headers: response.headers };
};

/** Waits until a check of the health has a status. */
async function until(server: Server, name: string, status: string): Promise<void> {
  await eventually(`${name} is ${status}`, PATIENCE_MS, async () => {
    const { checks } = await readAny<Screen["health"]>(server.url, "/health/detailed");
    return checks.find((check) => check.name === name)?.status === status ? true : null;
  });
}

/** Waits until callers were answered under the new circumstances. */
async function settled(server: Server, load: NightLoad): Promise<void> {
  const before = load.acknowledged;
  const refused = JSON.stringify([...load.refused]);
  await eventually(`turns are answered, after ${before} and ${refused}`, PATIENCE_MS, async () =>
    load.acknowledged >= before + 50 ? true : null,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}; now ${JSON.stringify([...load.refused])}`, { cause: error });
  });
  // Isolates hand their counts on within 10 s of a request.
  await sleep(500);
  await read<Session>(server.url, `/sessions/idle-0?accountId=${ACCOUNT}`);
}

async function post(server: Server, path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${server.url}${path}?accountId=${ACCOUNT}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  return await response.json<Record<string, unknown>>();
}

/** A server on loopback whose answer says whether R2 is there. */
async function r2Switch(isDown: () => boolean): Promise<{ url: string; close: () => void }> {
  const server = createServer((_, response) => {
    response.statusCode = isDown() ? 503 : 200;
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

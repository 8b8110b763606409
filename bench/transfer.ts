import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

import { atMost, figure } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { peakRise } from "./memory.ts";
import type { Platform } from "./platform.ts";
import { Prose } from "./prose.ts";

const MB = 1024 * 1024;
const TURNS = 20;
const MESSAGE_BYTES = 200;
const ACCOUNT = "transferred";

/** An import and an export of so many bytes, beside what gzip alone takes for them. */
export async function measureTransfer({ product }: Platform, bytes: number): Promise<Figure[]> {
  const directory = await mkdtemp(join(tmpdir(), "colloquy-transfer-"));
  const file = join(directory, "all.ndjson");
  try {
    await pipeline(Readable.from(lines(bytes)), createWriteStream(file));
    const zipped = `${file}.gz`;
    await pipeline(createReadStream(file), createGzip({ level: 6 }), createWriteStream(zipped));
    const url = (path: string) => new URL(`${path}accountId=${ACCOUNT}`, product.url);
    const gzip = await seconds(() => shell(`cat "$1" | gzip -t`, zipped));
    const taken = await peakRise(() =>
      seconds(() => post(url("/import?mode=skip_bad&"), createReadStream(zipped))),
    );
    const given = await peakRise(() => seconds(() => get(url("/export?"))));
    const of = `${(bytes / MB).toFixed(0)} MB of NDJSON`;
    const rate = (took: number) => bytes / MB / took;
    return [
      figure(`${of}, imported`, rate(taken.result), "MB/s"),
      figure(`${of}, imported, beside gzip -t`, taken.result / gzip, "× the time"),
      figure(`${of}, through cat to gzip -t`, rate(gzip), "MB/s"),
      figure(`${of}, exported`, rate(given.result), "MB/s"),
      ...memory(`${of}, memory of the import`, taken.rise),
      ...memory(`${of}, memory of the export`, given.rise),
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const memory = (name: string, rise: number | null): Figure[] =>
  rise === null ? [] : [atMost(256, figure(name, rise / MB, "MB at most"))];

function* lines(bytes: number): Generator<string> {
  const prose = new Prose(8);
  const began = Date.UTC(2026, 0, 1);
  let written = 0;
  for (let session = 0; written < bytes; session += 1) {
    const head = { type: "session", format: 5, session_id: `s${session}`, turns: TURNS };
    const turns = Array.from({ length: TURNS }, (_, turn) => ({
      type: "turn",
      created_at: new Date(began + session * 60_000 + turn * 1_000).toISOString(),
      duration_ms: 800,
      model: "openai/gpt-5",
      input: prose.write(MESSAGE_BYTES),
      output: prose.write(MESSAGE_BYTES),
    }));
    const text = [head, ...turns].map((line) => `${JSON.stringify(line)}\n`).join("");
    written += text.length;
    yield text;
  }
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}

async function shell(command: string, file: string): Promise<void> {
  const child = spawn("sh", ["-c", command, "sh", file], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [status] = (await once(child, "exit")) as [number];
  if (status !== 0) throw new Error(`${command} failed`);
}

/** Not by fetch, which gives up on a reply that takes five minutes. */
async function post(url: URL, body: Readable): Promise<void> {
  const sent = request(url.href, { method: "POST" });
  const [[response]] = (await Promise.all([once(sent, "response"), pipeline(body, sent)])) as [
    [IncomingMessage],
    void,
  ];
  const report = JSON.parse(await textOf(response)) as {
    problem_count: number;
    reconciliation: { sent_sha256: string; stored_sha256: string };
  };
  const { sent_sha256, stored_sha256 } = report.reconciliation ?? {};
  if (response.statusCode !== 200 || report.problem_count > 0 || sent_sha256 !== stored_sha256)
    throw new Error(`the import failed: ${JSON.stringify(report)}`);
}

async function get(url: URL): Promise<void> {
  const sent = request(url.href).end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let tail = "";
  for await (const chunk of response) tail = (tail + String(chunk)).slice(-200);
  if (!tail.includes('{"type":"end"')) throw new Error("the export broke off");
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return text;
}

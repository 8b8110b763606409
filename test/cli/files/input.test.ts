import { createWriteStream } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { filesSource } from "../../../src/cli/files/files.ts";
import { allOf, freshDirectory, saved } from "./found.ts";

const MB = 1024 * 1024;
const conversation = (id: string, text = "Hello") => ({
  uuid: id,
  chat_messages: [{ uuid: "m", sender: "human", text, created_at: "2026-01-01T00:00:00Z" }],
});
const three = JSON.stringify(["a", "b", "c"].map((id) => conversation(id)));
const ids = async (path: string): Promise<string[]> =>
  (await allOf("claude", path)).map((found) =>
    "problem" in found ? found.problem : found.conversation.session.session_id,
  );

/** What comes before it breaks off, and what it then says. */
async function untilBroken(path: string): Promise<[found: number, message: string]> {
  let found = 0;
  try {
    for await (const _ of filesSource("claude", path).read(null)) found += 1;
  } catch (error) {
    return [found, (error as Error).message];
  }
  return [found, ""];
}

const refusal = async (content: string) => (await untilBroken(await saved("a", content)))[1];

describe("a file", () => {
  it("may be gzip, in one member or more, whatever its name says", async () => {
    expect(await ids(await saved("a.json.gz", gzipSync(three)))).toEqual(["a", "b", "c"]);
    const members = Buffer.concat([gzipSync(three.slice(0, 40)), gzipSync(three.slice(40))]);
    expect(await ids(await saved("a.json", members))).toEqual(["a", "b", "c"]);
  });

  it("is the same wherever its bytes come apart, within a character or an escape too", async () => {
    const text = JSON.stringify([conversation("a", 'é\\"] }, \u20ac \\\\'), conversation("b")]);
    const bytes = Buffer.from(text);
    for (const size of [1, 2, 3, 7]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        gzipSync(bytes.subarray(at * size, (at + 1) * size)),
      );
      expect(await ids(await saved("a.json", Buffer.concat(pieces)))).toEqual(["a", "b"]);
    }
  });

  it("keeps the digits of a number wherever its bytes come apart, and refuses what none holds", async () => {
    const two = [conversation("a", "1e400 1145678901234567891"), conversation("b")];
    const json = JSON.stringify(two);
    const wanted: [number: string, told: string][] = [
      ["1145678901234567891", "1145678901234567891"],
      ["-9007199254740993", "-9007199254740993"],
      ["12.5e1", "125"],
      ["1E+0400", "uuid is a number beyond 1.8e308"],
    ];
    for (const [number, told] of wanted) {
      const bytes = Buffer.from(json.replace('"b"', number));
      const from = bytes.indexOf(number);
      for (let at = from; at <= from + number.length; at += 1) {
        const pieces = [bytes.subarray(0, at), bytes.subarray(at)].map((piece) => gzipSync(piece));
        expect(await ids(await saved("a.json", Buffer.concat(pieces)))).toEqual(["a", told]);
      }
    }
  });

  it("may begin with a byte order mark, and may be laid out over lines", async () => {
    const pretty = JSON.stringify(JSON.parse(three), null, 2);
    expect(await ids(await saved("a.json", `\uFEFF${pretty}\n`))).toEqual(["a", "b", "c"]);
  });

  it("may be one value, NDJSON, or arrays one after the other", async () => {
    const [a, b] = [conversation("a"), conversation("b", 'quo"te \\" ] } [')];
    const pretty = JSON.stringify(a, null, 2);
    expect(await ids(await saved("a.json", pretty))).toEqual(["a"]);
    expect(await ids(await saved("a.json", pretty + pretty))).toEqual(["a", "a"]);
    const lines = `${JSON.stringify(a)}\r\n\r\n${JSON.stringify(b)}`;
    expect(await ids(await saved("a.json", lines))).toEqual(["a", "b"]);
    const arrays = `[${JSON.stringify(a)}]\n[] [${JSON.stringify(b)}]`;
    expect(await ids(await saved("a.json", arrays))).toEqual(["a", "b"]);
  });

  it("is told as what it looks like where it is no UTF-8", async () => {
    const utf16 = Buffer.from(`\uFEFF${three}`, "utf16le");
    expect(await untilBroken(await saved("a.json", utf16))).toEqual([
      0,
      expect.stringMatching(/looks like UTF-16 \(little-endian\): save it as UTF-8/),
    ]);
    const unmarked = Buffer.from(three, "utf16le");
    expect((await untilBroken(await saved("a.json", unmarked)))[1]).toMatch(/little-endian/);
    expect((await untilBroken(await saved("a.json", unmarked.swap16())))[1]).toMatch(/big-endian/);
    const latin = Buffer.from(
      JSON.stringify([conversation("a", "café"), conversation("b")]),
      "latin1",
    );
    expect(await ids(await saved("a.json", latin))).toEqual([
      "is no UTF-8: it looks like Latin-1 or Windows-1252",
      "b",
    ]);
  });

  it("is refused where it is a ZIP archive, empty, or no JSON at all", async () => {
    expect(await refusal("PK\u0003\u0004…")).toMatch(/is a ZIP archive: unpack it/);
    expect(await refusal("")).toMatch(/is empty/);
    expect(await refusal("<html>")).toMatch(/is no JSON/);
  });

  it("says where a value is broken, in an array and in lines, and goes on", async () => {
    const [a, b] = [JSON.stringify(conversation("a")), JSON.stringify(conversation("b"))];
    expect(await ids(await saved("a.json", `[${a},{"uuid": "x" "y"},${b}]`))).toEqual([
      "a",
      expect.stringMatching(/^is no JSON at position 1\d$/),
      "b",
    ]);
    expect(await ids(await saved("a.jsonl", `${a}\n{"uuid": [\n${b}\n`))).toEqual([
      "a",
      "is no JSON",
      "b",
    ]);
  });

  it("that breaks off gives what was whole, and then says where", async () => {
    const cut = three.slice(0, -20);
    expect(await untilBroken(await saved("a.json", cut))).toEqual([
      2,
      `a.json: breaks off in value 3, after ${cut.length} bytes`,
    ]);
    const line = JSON.stringify(conversation("a"));
    expect(await untilBroken(await saved("a.jsonl", `${line}\n${line.slice(0, 30)}`))).toEqual([
      1,
      expect.stringMatching(/^a\.jsonl: breaks off in line 2, after \d+ bytes$/),
    ]);
    expect((await untilBroken(await saved("a.json", three.slice(0, -1))))[0]).toBe(2);
  });

  it("whose gzip breaks off gives what could be unpacked", async () => {
    const many = JSON.stringify(
      Array.from({ length: 2_000 }, () => conversation(crypto.randomUUID())),
    );
    const packed = gzipSync(many);
    const [found, message] = await untilBroken(
      await saved("a.json.gz", packed.subarray(0, packed.length / 2)),
    );
    expect(found).toBeGreaterThan(900);
    expect(found).toBeLessThan(1_100);
    expect(message).toMatch(/its gzip breaks off, or is damaged/);
  });

  it(
    "that is huge is read with no more than a conversation of it in memory",
    { timeout: 60_000 },
    async () => {
      const path = await saved("huge.json", "");
      const out = createWriteStream(path);
      const text = "x".repeat(100_000);
      for (let index = 0; index < 600; index += 1) {
        const line = `${index === 0 ? "[" : ","}${JSON.stringify(conversation(`c${index}`, text))}`;
        if (!out.write(line)) await once(out, "drain");
      }
      out.end("]");
      await once(out, "finish");
      expect((await stat(path)).size).toBeGreaterThan(50 * MB);

      let [count, peak] = [0, 0];
      const before = memory();
      for await (const found of filesSource("claude", path).read(null)) {
        count += "conversation" in found ? 1 : 0;
        if (count % 100 === 0) peak = Math.max(peak, memory() - before);
      }
      expect(count).toBe(600);
      expect(peak).toBeLessThan(20 * MB);
    },
  );
});

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What is reachable: what is not is collected first. */
function memory(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe("a directory", () => {
  it("is read in the order of its files' names, only those of conversations of an export", async () => {
    const directory = await freshDirectory();
    const write = (name: string, content: string) => writeFile(join(directory, name), content);
    await write("conversations-001.json", JSON.stringify([conversation("b")]));
    await write("conversations-000.json", JSON.stringify([conversation("a"), conversation("a2")]));
    await write("users.json", "[{}]");
    await mkdir(join(directory, "media"));
    expect(await ids(directory)).toEqual(["a", "a2", "b"]);
    const [first] = await allOf("claude", directory);
    const rest = await allOf("claude", directory, {}, first?.position);
    expect(rest.map(({ position }) => position)).toEqual(["0/1/0", "1/0/0"]);
  });

  it("names a file that breaks off, and reads the others", async () => {
    const directory = await freshDirectory();
    await writeFile(join(directory, "conversations-0.json"), three.slice(0, -20));
    await writeFile(join(directory, "conversations-1.json"), JSON.stringify([conversation("d")]));
    expect(await ids(directory)).toEqual(["a", "b", expect.stringMatching(/breaks off/), "d"]);
    const all = await allOf("claude", directory);
    expect(await allOf("claude", directory, {}, all[2]?.position)).toEqual(all.slice(3));
  });

  it("is refused where nothing in it is a conversation, and a position where it is none", async () => {
    const directory = await freshDirectory();
    await expect(allOf("claude", directory)).rejects.toThrow(/has no file of conversations/);
    const path = await saved("a.json", three);
    await expect(allOf("claude", path, {}, "x")).rejects.toThrow(/is no position/);
  });
});

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { describe, expect, test } from "vitest";

import { kindOf } from "../../../src/cli/files/detect.ts";
import { sqliteSource } from "../../../src/cli/sql/sql-source.ts";
import found from "../../fixtures/sources/coding-agents.json" with { type: "json" };
import { conversationsIn, problemsIn, readAll, spoken } from "../../support/found.ts";
import { sqliteOf } from "../sql/fixtures.ts";
import { allOf, conversationsOf, freshDirectory, saved } from "./found.ts";

/** The files of a program in a folder of their own, in the folders that it made. */
async function folderOf(files: Record<string, readonly string[]>): Promise<string> {
  const directory = await freshDirectory();
  for (const [name, lines] of Object.entries(files)) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${lines.join("\n")}\n`);
  }
  return directory;
}

const [lines = []] = Object.values(found.gemini);

describe("rollouts of Codex CLI 0.171.0", () => {
  test("have each word once, and the program's own words not at all", async () => {
    const directory = await folderOf(found.codex);
    expect(await kindOf(directory)).toBe("codex");
    const [only, ...none] = await conversationsOf("codex", directory);
    expect(none).toEqual([]);
    const said = spoken(only?.turns ?? []);
    expect(said.filter((words) => !words.startsWith("< ="))).toEqual([
      '> user: Is it "raining" in Kraków?',
      "< assistant: Let me look.",
      '< exec_command({"cmd":"echo rain"})',
      expect.stringMatching(/^< assistant: It is "raining" \(\d+\)\.$/),
      "> user: And now?",
      expect.stringMatching(/^< assistant: It is "raining" \(\d+\)\.$/),
    ]);
    expect(said.find((words) => words.startsWith("< ="))).toMatch(/Output:\nrain\n$/);
    expect(only?.left_out).toEqual({ instructions: 2, reasoning: 1 });
    expect(only?.turns[0]).toMatchObject({ model: "standin/gpt-5" });
    expect(only?.session.metadata).toMatchObject({ source: "codex", cwd: "/home/ann/work" });
  });

  test("of versions that do not tell whose words they are go by the words", async () => {
    const [[name, rollout] = ["", []]] = Object.entries(found.codex);
    const old = rollout.map((line) => {
      const { payload, ...about } = JSON.parse(line);
      delete payload.internal_chat_message_metadata_passthrough;
      return JSON.stringify({ ...about, payload });
    });
    const [now] = await conversationsOf("codex", await folderOf(found.codex));
    const [before] = await conversationsOf("codex", await folderOf({ [name]: old }));
    expect(before).toEqual(now);
  });

  test("lose no other line by one that broke off", async () => {
    const [[name, rollout] = ["", []]] = Object.entries(found.codex);
    const directory = await folderOf({ [name]: [...rollout, '{"type":"response_item","pay'] });
    const [only] = await conversationsOf("codex", directory);
    expect(only?.turns).toHaveLength(2);
    expect(only?.left_out).toMatchObject({ "lines that cannot be read": 1 });
  });
});

const GEMINI = [
  '> user: Is it "raining" in Kraków?',
  "< assistant: Let me look.",
  '< list_directory({"dir_path":"."})',
  "< = Directory listing for /home/ann/work:\nnotes.txt (3 bytes)\nopencode.json (1 bytes)",
];

describe("chats of Gemini CLI 0.61.0", () => {
  test("have the last line of each id, a result once, and times as they were", async () => {
    const directory = await folderOf(found.gemini);
    expect(await kindOf(directory)).toBe("gemini-cli");
    const [only, ...none] = await conversationsOf("gemini-cli", directory);
    expect(none).toEqual([]);
    const said = spoken(only?.turns ?? []);
    expect(said.slice(0, 3)).toEqual(GEMINI.slice(0, 3));
    expect(said[3]).toContain("notes.txt");
    expect(said.slice(4)).toEqual([
      expect.stringMatching(/^< assistant: It is "raining" \(\d+\)\.$/),
      "> user: And now?",
      expect.stringMatching(/^< assistant: It is "raining" \(\d+\)\.$/),
    ]);
    // As the first run wrote it: the second wrote all again, with its own time.
    const first = JSON.parse(lines.find((line) => line.includes("raining")) ?? "");
    expect(only?.turns[0]).toMatchObject({
      created_at: first.timestamp,
      model: "google/gemini-3-pro",
    });
    expect(only?.left_out).toEqual({ instructions: 1, reasoning: 1 });
  });

  test("do not have what was taken back", async () => {
    const last = lines.find((line) => line.includes("And now?")) ?? "";
    const taken = JSON.stringify({ $rewindTo: JSON.parse(last).id });
    const path = await saved("session-x.jsonl", [...lines, taken].join("\n"));
    const [only] = await conversationsOf("gemini-cli", path);
    expect(only?.turns).toHaveLength(1);
  });

  test("of one run have the calls of its richer lines", async () => {
    const end = lines.findLastIndex((line) => line.includes('"projectHash"'));
    const path = await saved("session-x.jsonl", lines.slice(0, end).join("\n"));
    const [only] = await conversationsOf("gemini-cli", path);
    expect(spoken(only?.turns ?? [])).toHaveLength(5);
    expect((await allOf("gemini-cli", path)).length).toBe(1);
  });
});

test("sessions of opencode 1.18.33 are read from its SQLite file, without the quotes of its command", async () => {
  const url = await sqliteOf(found.opencode);
  expect(await kindOf(url)).toBe("sqlite");
  const all = await readAll(sqliteSource({ url }));
  expect(problemsIn(all)).toEqual([]);
  const [only, ...none] = [...conversationsIn(all).values()];
  expect(none).toEqual([]);
  expect(spoken(only?.turns ?? [])).toEqual([
    '> user: Is it "raining" in Kraków?',
    "< assistant: Let me look.",
    '< bash({"command":"echo rain","description":"Says rain"})',
    "< = rain\n",
    expect.stringMatching(/^< assistant: It is "raining" \(\d+\)\.$/),
    "> user: And now?",
    expect.stringMatching(/^< assistant: It is "raining" \(\d+\)\.$/),
  ]);
  expect(only?.session.metadata).toMatchObject({
    source: "opencode",
    title: "Rain in Kraków",
    cwd: "/home/ann/work",
  });
  expect(only?.turns[0]).toMatchObject({ model: "standin/some-model" });
  expect(only?.left_out).toEqual({ reasoning: 1 });
});

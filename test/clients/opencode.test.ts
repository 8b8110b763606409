import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { Account, expectStored } from "./account.ts";
import { inPlace, runCommand } from "./command.ts";
import type { Place } from "./command.ts";
import { script } from "./script.ts";

const PROMPT = script("Make the files.", [
  {
    reasoning_content: "By the shell.",
    tool_calls: [
      { name: "bash", arguments: { command: "echo one > one.txt", description: "Makes one" } },
    ],
    late_names: true,
  },
  { content: "It is made." },
]);

/** @param npm - the AI SDK's package that speaks for it */
async function run(place: Place, { baseURL, apiKey }: Account, npm: string): Promise<string> {
  const options = { baseURL, apiKey };
  const models = { "gpt-5.2": { name: "GPT", options: { store: true } } };
  writeFileSync(
    join(place.work, "opencode.json"),
    JSON.stringify({
      autoupdate: false,
      share: "disabled",
      permission: "allow",
      provider: { colloquy: { npm, name: "Colloquy", options, models } },
    }),
  );
  return runCommand(
    ["opencode", "run", "--title", "Files", "--model", "colloquy/gpt-5.2"],
    place,
    {
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
      OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
    },
    PROMPT,
  );
}

it.for([
  ["chat completions", "@ai-sdk/openai-compatible"],
  ["responses", "@ai-sdk/openai"],
])("`opencode run` with a shell command: %s", async ([, npm = ""], test) => {
  const account = await Account.fresh();
  await inPlace(async (place) => {
    expect(await run(place, account, npm)).toContain("It is made.");
    expect(readFileSync(join(place.work, "one.txt"), "utf8")).toBe("one\n");
  });
  const stored = await account.conversations();
  const said = stored.at(-1)?.filter((line) => !/^(system|developer):/.test(line));
  expect(said?.at(-1)).toBe("assistant: It is made.");
  await expectStored(test, account, stored);
});

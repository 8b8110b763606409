import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { Account, expectStored } from "./account.ts";
import { inPlace, runCommand } from "./command.ts";
import type { Place } from "./command.ts";
import { script } from "./script.ts";
import type { Step } from "./script.ts";

interface Setting {
  model?: string;
  websockets?: boolean;
}

function configure(
  { home }: Place,
  { baseURL }: Account,
  { model = "gpt-5.5", websockets = false }: Setting,
): void {
  writeFileSync(
    join(home, "config.toml"),
    `model = "${model}"
model_provider = "colloquy"
approval_policy = "never"
sandbox_mode = "danger-full-access"
web_search = "disabled"
check_for_update_on_startup = false
analytics.enabled = false

[model_providers.colloquy]
name = "Colloquy"
base_url = "${baseURL}"
env_key = "COLLOQUY_KEY"
wire_api = "responses"
supports_websockets = ${websockets}
request_max_retries = 0
stream_max_retries = 0
`,
  );
}

const PATCH = `*** Begin Patch
*** Add File: hello.txt
+Hello
*** End Patch`;

const STEPS: Step[] = [
  {
    reasoning_content: "First by the shell.",
    tool_calls: [{ name: "exec_command", arguments: { cmd: "echo one > one.txt" } }],
    late_names: true,
  },
  { tool_calls: [{ name: "apply_patch", arguments: { input: PATCH } }] },
];

const CODE = `const made = await tools.exec_command({ cmd: "echo one > one.txt" });
text(made.output);
text(await tools.apply_patch(${JSON.stringify(PATCH)}));`;

interface Shown {
  role: string;
  content: unknown;
  tool_calls?: { function: { name: string } }[];
}

/** Has Codex make two files. @returns the names of the calls and the results that the model was shown in the end */
async function makeFiles(account: Account, setting: Setting, steps: Step[]): Promise<string[]> {
  return inPlace(async (place) => {
    configure(place, account, setting);
    const prompt = script("Make the files.", [...steps, { shown: true }]);
    const printed = await runCommand(["codex", "exec", "--skip-git-repo-check", prompt], place, {
      CODEX_HOME: place.home,
      COLLOQUY_KEY: account.apiKey,
    });
    expect(readFileSync(join(place.work, "one.txt"), "utf8")).toBe("one\n");
    expect(readFileSync(join(place.work, "hello.txt"), "utf8")).toBe("Hello\n");
    const shown = JSON.parse(printed) as Shown[];
    const asked = shown.findLastIndex(({ role }) => role === "user");
    return shown
      .slice(asked + 1)
      .map(({ role, tool_calls = [] }) => tool_calls[0]?.function.name ?? role);
  });
}

// Codex asks for nothing to be stored, and sends its history with each request, or goes on from it in its connection.
it.for([
  ["HTTP", false],
  ["a WebSocket", true],
] as const)(
  "`codex exec` over %s: a shell command and `apply_patch`",
  async ([, websockets], test) => {
    const account = await Account.fresh();
    const shown = await makeFiles(account, { websockets }, STEPS);
    expect(shown).toEqual(["exec_command", "tool", "apply_patch", "tool"]);
    await expectStored(test, account, []);
  },
);

it("`codex exec` over a WebSocket in its code mode: one tool that runs JavaScript", async (test) => {
  const account = await Account.fresh();
  const steps = [{ tool_calls: [{ name: "functions__exec", arguments: { input: CODE } }] }];
  const setting = { model: "gpt-6.1-sol", websockets: true };
  expect(await makeFiles(account, setting, steps)).toEqual(["functions__exec", "tool"]);
  await expectStored(test, account, []);
});

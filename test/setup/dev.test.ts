import { spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { devCommand } from "../../src/setup/dev-command.ts";

const PROJECT = join(import.meta.dirname, "../..");
const MAIN = join(PROJECT, "src/setup/dev.ts");
const WITH_KEYS = "AUTH=keys has a command of its own: npm run dev:keys";
const OPEN =
  "dev dist/worker/index.js --no-bundle --local --var AUTH:open --var MODEL:local --var DEV_CLOCK:on --var TWILIO_SIGNATURE:off";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "dev-"));
  copyFileSync(join(PROJECT, "wrangler.toml"), join(directory, "wrangler.toml"));
  process.chdir(directory);
});

afterEach(() => {
  process.chdir(PROJECT);
  rmSync(directory, { recursive: true, force: true });
});

/** As the command line does it, but in this process: wrangler is slow to load. */
function dev(mode: string, ...args: string[]) {
  const said: string[] = [];
  const command = devCommand(mode, args, (text) => said.push(text)).join(" ");
  return { command, said: said.join("\n") };
}

/** The command line itself. What stands in for wrangler prints how it was called. */
function run(...args: string[]) {
  return runWith(`#!/bin/sh\necho "wrangler $* X=$X_LOCAL_OBSERVABILITY"\n`, ...args);
}

function runWith(script: string, ...args: string[]) {
  const wrangler = join(directory, "bin/wrangler");
  mkdirSync(join(directory, "bin"), { recursive: true });
  writeFileSync(wrangler, script);
  chmodSync(wrangler, 0o755);
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: directory,
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: `${join(directory, "bin")}${delimiter}${process.env["PATH"]}`,
      X_LOCAL_OBSERVABILITY: undefined,
      NODE_NO_WARNINGS: "1",
    },
  });
  return { status, stdout, stderr };
}

it("starts wrangler offline with the settings of development, and hands options on", () => {
  expect(run("open", "--port", "9000", "--var", "STRICT:on")).toEqual({
    status: 0,
    stdout: `wrangler ${OPEN} --port 9000 --var STRICT:on X=false\n`,
    stderr: "",
  });
  expect(run("open", "--var", "AUTH:keys")).toEqual({
    status: 1,
    stdout: "",
    stderr: `${WITH_KEYS}\n`,
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "localhost");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

it("says where it answers once it does, with the root key, after what wrangler prints", async () => {
  // It ends after its first answer.
  const server = `#!${process.execPath}
console.log("a module");
const port = Number(process.argv[process.argv.indexOf("--port") + 1]);
require("node:http").createServer((_, response) => {
  response.end("{}", () => setTimeout(() => process.exit(), 2_000));
}).listen(port, "localhost");
`;
  const port = await freePort();
  const { stdout } = runWith(server, "keys", "--port", String(port));
  const [before = "", after = ""] = stdout.split("a module\n");
  const [shown = "none"] = /ROOT_KEY=\S+/.exec(before) ?? [];
  expect(after).toContain(`Colloquy answers on http://localhost:${port}: `);
  expect(after).toContain(shown);
});

it.each([
  [["--var", "AUTH:keys"]],
  [["--var=AUTH:keys"]],
  [["--var", "STRICT:on", "AUTH:keys", "--port", "9000"]],
])("names the command for AUTH=keys in one line: %j", (args) => {
  expect(() => dev("open", ...args)).toThrow(new Error(WITH_KEYS));
});

it("says what is wrong with a setting in one line, whether it is given or in .dev.vars", () => {
  const wrong = /^Colloquy cannot start with these settings: STRICT [^\n]*$/;
  expect(() => dev("open", "--var", "STRICT:perhaps")).toThrow(wrong);
  writeFileSync(join(directory, ".dev.vars"), "STRICT=perhaps\n");
  expect(() => dev("open")).toThrow(wrong);
  expect(dev("open", "--var", "STRICT:on").command).toBe(`${OPEN} --var STRICT:on`);
});

it("makes a root key of its own, shows it, and has it again at the next start", () => {
  const first = dev("keys", "--port", "9000");
  const [, key = ""] = /ROOT_KEY=(\S{43})\n/.exec(first.said) ?? [];
  expect(first.command).toBe(
    `dev dist/worker/index.js --no-bundle --local --var ROOT_KEY:${key} --var AUTH:keys --var MODEL:local --port 9000`,
  );
  expect(first.said).toContain("http://localhost:9000/admin/keys");
  expect(statSync(join(directory, ".wrangler/root-key")).mode & 0o777).toBe(0o600);
  expect(dev("keys", "--port", "9000")).toEqual(first);
});

it("takes the root key of .dev.vars, and does not show it", () => {
  writeFileSync(join(directory, ".dev.vars"), `ROOT_KEY=${"k".repeat(32)}\n`);
  expect(dev("keys")).toEqual({
    command: "dev dist/worker/index.js --no-bundle --local --var AUTH:keys --var MODEL:local",
    said: "",
  });
});

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

const PROJECT = join(import.meta.dirname, "../..");

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "dev-"));
  copyFileSync(join(PROJECT, "wrangler.toml"), join(directory, "wrangler.toml"));
  // Stands in for wrangler, and prints how it was called.
  mkdirSync(join(directory, "bin"));
  const wrangler = join(directory, "bin/wrangler");
  writeFileSync(wrangler, `#!/bin/sh\necho "wrangler $* X=$X_LOCAL_OBSERVABILITY"\n`);
  chmodSync(wrangler, 0o755);
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function dev(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(PROJECT, "src/setup/dev.ts"), ...args],
    {
      cwd: directory,
      encoding: "utf8",
      env: {
        ...process.env,
        PATH: `${join(directory, "bin")}${delimiter}${process.env["PATH"]}`,
        X_LOCAL_OBSERVABILITY: undefined,
        NODE_NO_WARNINGS: "1",
      },
    },
  );
  return { status, stdout, stderr };
}

it("starts wrangler offline with the settings of development, and hands options on", () => {
  const { status, stdout } = dev("open", "--port", "9000", "--var", "STRICT:on");
  expect(status).toBe(0);
  expect(stdout).toBe(
    "wrangler dev dist/worker/index.js --no-bundle --local --var AUTH:open --var MODEL:local --var DEV_CLOCK:on --var TWILIO_SIGNATURE:off --port 9000 --var STRICT:on X=false\n",
  );
});

it.each([
  [["--var", "AUTH:keys"]],
  [["--var=AUTH:keys"]],
  [["--var", "STRICT:on", "AUTH:keys", "--port", "9000"]],
])("names the command for AUTH=keys in one line: %j", (args) => {
  expect(dev("open", ...args)).toEqual({
    status: 1,
    stdout: "",
    stderr: "AUTH=keys has a command of its own: npm run dev:keys\n",
  });
});

it("says what is wrong with a setting in one line, whether it is given or in .dev.vars", () => {
  const wrong = {
    status: 1,
    stdout: "",
    stderr: expect.stringMatching(/^Colloquy cannot start with these settings: STRICT [^\n]*\n$/),
  };
  expect(dev("open", "--var", "STRICT:perhaps")).toEqual(wrong);
  writeFileSync(join(directory, ".dev.vars"), "STRICT=perhaps\n");
  expect(dev("open")).toEqual(wrong);
  expect(dev("open", "--var", "STRICT:on").status).toBe(0);
});

it("makes a root key of its own, shows it, and has it again at the next start", () => {
  const first = dev("keys", "--port", "9000");
  expect(first.status).toBe(0);
  const [, key = ""] = /ROOT_KEY=(\S{43})\n/.exec(first.stdout) ?? [];
  expect(first.stdout).toContain(
    `wrangler dev dist/worker/index.js --no-bundle --local --var ROOT_KEY:${key} --var AUTH:keys --var MODEL:local --port 9000 X=false\n`,
  );
  expect(first.stdout).toContain("http://localhost:9000/admin/keys");
  expect(statSync(join(directory, ".wrangler/root-key")).mode & 0o777).toBe(0o600);
  expect(dev("keys", "--port", "9000").stdout).toBe(first.stdout);
});

it("takes the root key of .dev.vars, and does not show it", () => {
  writeFileSync(join(directory, ".dev.vars"), `ROOT_KEY=${"k".repeat(32)}\n`);
  expect(dev("keys").stdout).toBe(
    "wrangler dev dist/worker/index.js --no-bundle --local --var AUTH:keys --var MODEL:local X=false\n",
  );
});

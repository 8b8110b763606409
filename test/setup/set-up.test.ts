import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { setUp } from "../../src/setup/set-up.ts";

const PROJECT = join(import.meta.dirname, "../..");
const MADE = [
  "r2 bucket colloquy-archive",
  "queues colloquy-jobs",
  "queues colloquy-messages",
  "queues colloquy-jobs-dead",
];
const NAMESPACE_ID = "ab12".repeat(8);
const PLACEHOLDER = "0".repeat(32);

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "setup-"));
  copyFileSync(join(PROJECT, "wrangler.toml"), join(directory, "wrangler.toml"));
  mkdirSync(join(directory, "bin"));
  copyFileSync(join(PROJECT, "test/setup/fake-wrangler.mjs"), join(directory, "bin/wrangler"));
  chmodSync(join(directory, "bin/wrangler"), 0o755);
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** As the command line does it, but in this process: wrangler is slow to load. */
function setup(args: string[] = [], env: Record<string, string> = {}) {
  const lines: string[] = [];
  const outcome = { error: "" };
  try {
    setUp(args, {
      directory,
      env: {
        ...process.env,
        PATH: `${join(directory, "bin")}${delimiter}${process.env["PATH"]}`,
        FAKE_CLOUDFLARE: join(directory, "cloudflare.json"),
        NODE_NO_WARNINGS: "1",
        ...env,
      },
      say: (line) => lines.push(line),
    });
  } catch (error) {
    outcome.error = (error as Error).message;
  }
  return { ...outcome, stdout: lines.map((line) => `${line}\n`).join("") };
}

interface Account {
  made: string[];
  namespaces: { id: string; title: string }[];
  secrets: Record<string, string>;
  fails?: string;
}
const account = () =>
  JSON.parse(readFileSync(join(directory, "cloudflare.json"), "utf8")) as Account;
const write = (state: Account) =>
  writeFileSync(join(directory, "cloudflare.json"), JSON.stringify(state));
const settings = () => readFileSync(join(directory, "wrangler.toml"), "utf8");

it("prints each command in a dry run, and changes nothing", () => {
  const before = settings();
  expect(setup(["--dry-run"])).toEqual({
    error: "",
    stdout: `$ npx wrangler r2 bucket create colloquy-archive
$ npx wrangler queues create colloquy-jobs
$ npx wrangler queues create colloquy-messages
$ npx wrangler queues create colloquy-jobs-dead
$ npx wrangler kv namespace create colloquy-cache
$ … | npx wrangler secret put ROOT_KEY --env=
$ … | npx wrangler secret put ARCHIVE_KEY --env=

Nothing was changed. Do it by: npm run setup
`,
  });
  expect(settings()).toBe(before);
  expect(existsSync(join(directory, "cloudflare.json"))).toBe(false);
});

it("makes what is missing once, writes the id, and shows the secrets that it made", () => {
  const first = setup();
  expect(first).toMatchObject({ error: "" });
  const made = account();
  expect(made.made).toEqual(MADE);
  expect(made.namespaces).toEqual([{ id: NAMESPACE_ID, title: "colloquy-cache" }]);
  for (const name of ["ROOT_KEY", "ARCHIVE_KEY"]) {
    expect(made.secrets[name]).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(first.stdout).toContain(`${name}=${made.secrets[name]}`);
  }
  expect(settings()).toContain(`id = "${NAMESPACE_ID}"`);
  expect(settings()).not.toContain(PLACEHOLDER);
  const written = settings();

  const second = setup();
  expect(second).toMatchObject({ error: "" });
  expect(second.stdout).not.toMatch(/^\$ |_KEY=/m);
  expect(account()).toEqual(made);
  expect(settings()).toBe(written);
});

it("goes on where it was cut off, and never replaces a secret", () => {
  write({
    made: MADE.slice(0, 2),
    namespaces: [{ id: NAMESPACE_ID, title: "colloquy-cache" }],
    secrets: { ROOT_KEY: "the first" },
  });
  expect(setup().error).toBe("");
  expect(account()).toMatchObject({ made: MADE, secrets: { ROOT_KEY: "the first" } });
  expect(account().namespaces).toHaveLength(1);
  expect(settings()).toContain(`id = "${NAMESPACE_ID}"`);
});

it("shows a secret that it made also where setting it fails", () => {
  write({ made: MADE, namespaces: [], secrets: {}, fails: "secret put" });
  const { stdout, error } = setup();
  expect(stdout).toMatch(/ROOT_KEY=[A-Za-z0-9+/]{43}=\n/);
  expect(error).toContain("Authentication error");
  expect(error).not.toContain("ROOT_KEY=");
});

it("sets no secret where it cannot tell whether there is one", () => {
  write({ made: MADE, namespaces: [], secrets: {}, fails: "secret list" });
  const { error } = setup();
  expect(error).toContain("npx wrangler secret list");
  expect(error).toContain("Authentication error");
  expect(account().secrets).toEqual({});
});

it("takes given secrets, shows none of them, and refuses one that the Worker would refuse", () => {
  const ROOT_KEY = "r".repeat(32);
  expect(setup([], { ROOT_KEY: "short" })).toMatchObject({
    error: expect.stringContaining("ROOT_KEY takes at least 32 characters"),
  });
  const { error, stdout } = setup(["--without-archive-key", "--env", "staging"], { ROOT_KEY });
  expect(error).toBe("");
  expect(stdout).not.toContain(ROOT_KEY);
  expect(account().secrets).toEqual({ ROOT_KEY });
  expect(account().made).toEqual(MADE.map((name) => `${name}-staging`));
  expect(account().namespaces).toMatchObject([{ title: "colloquy-staging-cache" }]);
  expect(settings()).toContain(PLACEHOLDER);
  expect(settings()).not.toContain(`${"0".repeat(31)}1`);
});

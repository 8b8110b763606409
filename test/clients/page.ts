import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, inject } from "vitest";

import type { Account } from "./account.ts";
import { MODULES } from "./packages.ts";

const PAGES = join(import.meta.dirname, "../../docs/integrations");
const CODE = /^```js\n([^]*?)^```$/gm;
const PRINTED = /^```text\n([^]*?)^```$/m;
const TIMEOUT_MS = 300_000;

/** Runs the code of a page of docs/integrations as it stands, and compares what it prints with the page. */
export async function runPage(name: string, account: Account): Promise<void> {
  const page = readFileSync(join(PAGES, `${name}.md`), "utf8");
  const directory = mkdtempSync(join(tmpdir(), "colloquy-page-"));
  try {
    symlinkSync(MODULES, join(directory, "node_modules"));
    const file = join(directory, "page.mjs");
    writeFileSync(file, Array.from(page.matchAll(CODE), ([, code]) => code).join("\n"));
    const { stdout } = await promisify(execFile)(process.execPath, [file], {
      cwd: directory,
      timeout: TIMEOUT_MS,
      env: {
        ...process.env,
        COLLOQUY_URL: account.baseURL,
        COLLOQUY_KEY: account.apiKey,
        // The model that the page asks is of another service.
        OPENAI_BASE_URL: inject("modelServer"),
        OPENAI_API_KEY: "none",
      },
    });
    expect(stdout).toBe(PRINTED.exec(page)?.[1]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

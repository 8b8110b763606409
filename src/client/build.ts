import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const PROJECT = join(import.meta.dirname, "../..");

/** Builds the npm package: ES modules, their types and its manifest. @param to - is emptied first */
export function buildClient(to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const tsc = join(PROJECT, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", import.meta.dirname, "--outDir", to], {
    stdio: "inherit",
  });
  for (const name of ["package.json", "README.md"])
    cpSync(join(import.meta.dirname, name), join(to, name));
}

if (import.meta.main) buildClient(join(PROJECT, "dist/client"));

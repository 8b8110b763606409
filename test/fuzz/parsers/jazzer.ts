import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PACKAGE = "@jazzer.js/core@4.0.0";
const HOME = join(tmpdir(), "colloquy-jazzer-4.0.0");
const MODULES = join(HOME, "node_modules/@jazzer.js");
const ADDON = join(MODULES, `fuzzer/prebuilds/fuzzer-${process.platform}-${process.arch}.node`);
const SHIM = join(HOME, "shim.so");

export interface Jazzer {
  cli: string;
  env: Record<string, string>;
}

/**
 * The fuzzer, in a directory of its own: it is a hundred packages that nothing else needs.
 *
 * @returns why it is not to be had, where it is not
 */
export function findJazzer(): Jazzer | string {
  const cli = join(MODULES, "core/dist/cli.js");
  if (!existsSync(cli)) {
    mkdirSync(HOME, { recursive: true });
    writeFileSync(join(HOME, "package.json"), "{}");
    const { status, stderr } = run(
      "npm",
      ["install", "--no-audit", "--no-fund", "--ignore-scripts", PACKAGE],
      HOME,
    );
    if (status !== 0) return `npm cannot install ${PACKAGE}: ${stderr}`;
  }
  if (!existsSync(ADDON)) return `${PACKAGE} has no build for ${process.platform}-${process.arch}`;
  const plain = { cli, env: {} };
  const bridged = { cli, env: { LD_PRELOAD: SHIM } };
  if (existsSync(SHIM)) return bridged;
  const why = whyNot(plain);
  if (why === null) return plain;
  return why.includes("GLIBC_2.38") ? (bridgeGlibc() ?? whyNot(bridged) ?? bridged) : why;
}

function whyNot({ env }: Jazzer): string | null {
  const { status, stderr } = run(
    process.execPath,
    ["-e", `require(${JSON.stringify(ADDON)})`],
    HOME,
    env,
  );
  return status === 0 ? null : (stderr.split("\n").find((line) => /Error/.test(line)) ?? stderr);
}

/** What the addon wants of glibc 2.38, and of the C++ library beside it: names of what older ones have as well. */
const SHIM_SOURCE = `
#include <cstdlib>
#include <iostream>
extern "C" long __isoc23_strtol(const char* text, char** end, int base) { return strtol(text, end, base); }
extern "C" unsigned long __isoc23_strtoul(const char* text, char** end, int base) { return strtoul(text, end, base); }
extern "C" void _ZSt21ios_base_library_initv() {}
`;
const NEWER = ["GLIBC_2.38", "GLIBCXX_3.4.32"];
/** VER_FLG_WEAK of <elf.h>: a version that may be missing. */
const WEAK = 2;

/** On Debian 12 and others with an older glibc, the addon is told that it may be so, and a library has the rest. */
function bridgeGlibc(): string | null {
  writeFileSync(join(HOME, "shim.cpp"), SHIM_SOURCE);
  const addon = readFileSync(ADDON);
  for (const version of NEWER) {
    // Its entry of the versions that are needed (Elf64_Vernaux): its hash, then its flags.
    const entry = Buffer.alloc(6);
    entry.writeUInt32LE(elfHash(version));
    const at = addon.indexOf(entry);
    if (at >= 0) addon.writeUInt16LE(WEAK, at + 4);
  }
  writeFileSync(ADDON, addon);
  const built = run("g++", ["-shared", "-fPIC", "-O1", "-o", SHIM, "shim.cpp"], HOME);
  return built.status === 0 ? null : "the system's glibc is older than 2.38, and g++ cannot help";
}

/** Source: the System V ABI, "Hash Table". */
function elfHash(name: string): number {
  let hash = 0;
  for (const byte of Buffer.from(name)) {
    hash = ((hash << 4) + byte) >>> 0;
    const high = hash & 0xf0000000;
    hash = ((hash ^ (high >>> 24)) & ~high) >>> 0;
  }
  return hash;
}

const run = (command: string, args: string[], cwd: string, env: Record<string, string> = {}) =>
  spawnSync(command, args, { cwd, encoding: "utf8", env: { ...process.env, ...env } });

#!/usr/bin/env node
// Stands in for wrangler with an account of Cloudflare: it keeps what was made in FAKE_CLOUDFLARE, and answers as wrangler does.
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const file = process.env.FAKE_CLOUDFLARE;
const account = existsSync(file)
  ? JSON.parse(readFileSync(file, "utf8"))
  : { made: [], namespaces: [], secrets: {} };
const args = process.argv.slice(2);
const [what, verb] = args;
const save = () => writeFileSync(file, JSON.stringify(account));
const fail = (message) => {
  console.error(`✘ [ERROR] ${message}`);
  process.exit(1);
};

if (account.fails && args.join(" ").startsWith(account.fails))
  fail("Authentication error [code: 10000]");

if (what === "kv" && args[2] === "list") console.log(JSON.stringify(account.namespaces));
else if (what === "kv") {
  account.namespaces.push({ id: "ab12".repeat(8), title: args[3] });
  save();
} else if (what === "secret" && verb === "list") {
  const worker = args.includes("--env=staging") ? "colloquy-staging (env: staging)" : "colloquy";
  if (Object.keys(account.secrets).length === 0) fail(`Worker "${worker}" not found.`);
  console.log(
    JSON.stringify(Object.keys(account.secrets).map((name) => ({ name, type: "secret_text" }))),
  );
} else if (what === "secret") {
  account.secrets[args[2]] = readFileSync(0, "utf8");
  save();
} else {
  const isInfo = args.includes("info");
  const name = args.filter((word) => word !== "info" && word !== "create").join(" ");
  if (isInfo && !account.made.includes(name)) fail("not there");
  if (!isInfo && account.made.includes(name)) fail("already exists");
  if (!isInfo) account.made.push(name);
  save();
}

#!/usr/bin/env bash
# Package:     agents 0.32.0, miniflare 4.20260721.0
# Expected:    A method that is planned with `this.schedule()` runs at its time, or after it.
# Actual:      Times are cut to whole seconds: what is due at .9 of a second runs almost a second before.
# Output seen: {"tooEarly":true} 898 (milliseconds)
# Consequence: A reminder that looks whether it is due finds that it is not, and does not come again.
# Seen:        2026-11-29, Node 24.21.0
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error --legacy-peer-deps agents@0.32.0 ai@7.0.173 zod@4.6.6 react@19.3.1 @modelcontextprotocol/client@2.4.0 @cfworker/json-schema@4.1.1 esbuild@0.28.2 miniflare@4.20260721.0 node@24.21.0 >/dev/null
cat >probe.mjs <<'EOF'
import assert from 'node:assert/strict';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';

const contents = `
import { Agent, getAgentByName } from 'agents';
export class MyAgent extends Agent {
  early = null;
  remind(due) {
    this.early = due - Date.now();
  }
  async onRequest() {
    if (this.early === null && this.getSchedules().length === 0) {
      const due = Math.floor(Date.now() / 1000) * 1000 + 3900;
      await this.schedule(new Date(due), 'remind', due);
    }
    return Response.json(this.early);
  }
}
export default { fetch: async (request, env) => (await getAgentByName(env.MyAgent, 'one')).fetch(request) };`;
await build({
  stdin: { contents, resolveDir: '.' },
  bundle: true,
  format: 'esm',
  outfile: 'worker.js',
  mainFields: ['module', 'main'],
  conditions: ['workerd', 'worker', 'browser', 'import'],
  external: ['cloudflare:*', 'node:*', 'async_hooks', 'path'],
  logLevel: 'error',
});
const miniflare = new Miniflare({
  modules: true,
  scriptPath: 'worker.js',
  compatibilityDate: '2026-06-01',
  compatibilityFlags: ['nodejs_compat'],
  durableObjects: { MyAgent: { className: 'MyAgent', useSQLite: true } },
});
const ask = async () => (await miniflare.dispatchFetch('http://agent.example.com')).json();

let early = null;
while (early === null) {
  await new Promise((resolve) => setTimeout(resolve, 200));
  early = await ask();
}
const seen = { tooEarly: early > 0 };
console.log(JSON.stringify(seen), early);
await miniflare.dispose();
assert.deepEqual(seen, { tooEarly: true }, 'agents behaves differently now');
process.exit(0);
EOF
node_modules/.bin/node probe.mjs

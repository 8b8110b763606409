#!/usr/bin/env bash
# Package:     agents 0.32.0, miniflare 4.20260721.0
# Expected:    A boolean in `this.sql`, which its type allows, is stored as 0 or 1; or it is refused.
# Actual:      It is stored as the text "true" or "false". Read back, "false" is true.
# Output seen: [{"id":1,"paid":"false","type":"text"}]
# Consequence: A booking that is not paid passes each check for payment.
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
  onRequest() {
    this.sql\`CREATE TABLE bookings (id INTEGER, paid)\`;
    this.sql\`INSERT INTO bookings VALUES (1, \${false})\`;
    return Response.json(this.sql\`SELECT id, paid, typeof(paid) AS type FROM bookings\`);
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

const seen = await ask();
console.log(JSON.stringify(seen));
await miniflare.dispose();
assert.deepEqual(seen, [{ id: 1, paid: 'false', type: 'text' }], 'agents behaves differently now');
process.exit(0);
EOF
node_modules/.bin/node probe.mjs

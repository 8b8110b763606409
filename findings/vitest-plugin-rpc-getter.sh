#!/usr/bin/env bash
# Package:     @cloudflare/vitest-plugin 1.5.0 with wrangler 4.156.2 and vitest 5.1.1
# Expected:    A Durable Object has a getter that returns an RpcTarget. `stub.notes.add(...)` calls the target's method in
#              one round trip, in a test as under `wrangler dev`.
# Actual:      In a test the call rejects: the receiver does not implement the method. The plugin wraps the object, and
#              serves a getter as a function that can be awaited, without the target's methods. `(await stub.notes).add(...)`
#              works in both, with one round trip more.
# Output seen: {"pipelined":"The RPC receiver does not implement the method \"add\".","awaited":1}
# Consequence: An object that is split into RPC targets cannot be tested as it is called in production.
# Seen:        2026-11-28, Node 24
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --save-exact --no-audit --no-fund --loglevel=error node@24.21.0 wrangler@4.156.2 vitest@5.1.1 \
  @cloudflare/vitest-plugin@1.5.0 >/dev/null
cat >wrangler.toml <<'END'
name = "probe"
main = "worker.js"
compatibility_date = "2026-10-01"
[[durable_objects.bindings]]
name = "NOTES"
class_name = "Notes"
[[migrations]]
tag = "v1"
new_sqlite_classes = ["Notes"]
END
cat >worker.js <<'END'
import { DurableObject, RpcTarget } from 'cloudflare:workers';

class List extends RpcTarget {
  #notes;
  constructor(notes) {
    super();
    this.#notes = notes;
  }
  add(note) {
    return this.#notes.push(note);
  }
}
export class Notes extends DurableObject {
  #all = [];
  get notes() {
    return new List(this.#all);
  }
}
export default { fetch: () => new Response('ok') };
END
cat >vitest.config.js <<'END'
import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' } })],
});
END
cat >probe.test.js <<'END'
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';

it('calls a method of an RPC target that a getter returns', async () => {
  const stub = env.NOTES.getByName('a');
  const pipelined = await stub.notes.add('one').catch((error) => error.message);
  const awaited = await (await stub.notes).add('two');
  console.log(JSON.stringify({ pipelined, awaited }));
  expect(pipelined).toMatch(/does not implement the method/);
  expect(awaited).toBe(1);
});
END
PATH="$dir/node_modules/.bin:$PATH" npx vitest run --no-color 2>&1 | grep -vE '^$'
exit "${PIPESTATUS[0]}"

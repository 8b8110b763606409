import { WorkerEntrypoint } from "cloudflare:workers";
import { Hono } from "hono";

interface FloorsEnv {
  UPSTREAM: string;
}

const ask = (env: FloorsEnv, content: string): Promise<Response> =>
  fetch(`${env.UPSTREAM}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "fake", stream: true, messages: [{ role: "user", content }] }),
  });

type App = { Bindings: FloorsEnv };
const SSE = { "content-type": "text/event-stream" };

const pass = new Hono<App>().post("/query", async (c) => {
  const { query } = await c.req.json<{ query: string }>();
  return new Response((await ask(c.env, query)).body, { headers: SSE });
});

/** No JavaScript a chunk. */
export class Pass extends WorkerEntrypoint<FloorsEnv> {
  override fetch(request: Request): Response | Promise<Response> {
    return pass.fetch(request, this.env, this.ctx);
  }
}

const parse = new Hono<App>().post("/query", async (c) => {
  const { query } = await c.req.json<{ query: string }>();
  const { body } = await ask(c.env, query);
  const { readable, writable } = new IdentityTransformStream();
  if (body) c.executionCtx.waitUntil(retell(body, writable));
  return new Response(readable, { headers: SSE });
});

/** Parses each event, and writes those of one read in one write. */
async function retell(
  body: ReadableStream<Uint8Array>,
  writable: WritableStream<Uint8Array>,
): Promise<void> {
  const writer = writable.getWriter();
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    rest += decoder.decode(value, { stream: true });
    let out = "";
    let from = 0;
    for (let at = rest.indexOf("\n\n"); at >= 0; at = rest.indexOf("\n\n", from)) {
      const data = rest.slice(from + "data: ".length, at);
      from = at + 2;
      out += `data: ${data === "[DONE]" ? data : JSON.stringify(JSON.parse(data))}\n\n`;
    }
    rest = rest.slice(from);
    if (out !== "") await writer.write(encoder.encode(out));
  }
  await writer.close();
}

/** What a Worker needs at least that reads the chunks. */
export class Parse extends WorkerEntrypoint<FloorsEnv> {
  override fetch(request: Request): Response | Promise<Response> {
    return parse.fetch(request, this.env, this.ctx);
  }
}

export default {};

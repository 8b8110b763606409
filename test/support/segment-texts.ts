import { gunzipSync } from "node:zlib";

import { env } from "cloudflare:workers";

/** The texts of all segments in R2 under a prefix that are not encrypted. */
export async function textsUnder(prefix: string): Promise<string> {
  const { objects } = await env.ARCHIVE.list({ prefix });
  const segments = objects.filter(({ key }) => key.endsWith(".gz"));
  const texts = segments.map(async ({ key }) => {
    const object = await env.ARCHIVE.get(key);
    return gunzipSync(Buffer.from(await object!.arrayBuffer())).toString();
  });
  return (await Promise.all(texts)).join("");
}

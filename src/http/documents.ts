import type { AppContext } from "./context.ts";

/** The index of the docs for language models, and the pages that it links to. `src/build/console.ts` copies them. */
const DOCUMENT = /^\/(?:llms\.txt|docs\/(?:[\w-]+\/)?[\w-]+\.md)$/;

/** Serves the project's pages from the Worker's assets, as they were when it was built. */
export async function serveDocuments(
  c: AppContext,
  next: () => Promise<void>,
): Promise<Response | void> {
  const assets = c.env.ASSETS as Fetcher | undefined;
  const { method, path } = c.req;
  if (!assets || !["GET", "HEAD"].includes(method) || !DOCUMENT.test(path)) return next();
  const found = await assets.fetch(new URL(path, c.req.url), { method });
  if (found.status === 404) return next();
  const type = path.endsWith(".md") ? "text/markdown" : "text/plain";
  return new Response(found.body, { headers: { "content-type": `${type}; charset=utf-8` } });
}

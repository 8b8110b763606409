import type { TestProject } from "vitest/node";

import { freshStorage, startServer } from "../journeys/server.ts";

const ROOT_KEY = "clients-root-key-of-more-than-32-characters";

/**
 * The built Worker as in production, with keys, for as long as the tests run. Each model that a client names is the
 * script of the model server. Comes after the model server in the list of set-ups.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer(freshStorage(), {
    AUTH: "keys",
    ROOT_KEY,
    DEV_CLOCK: "off",
    MODEL: "openai/script",
    MODEL_ALIASES: "*=openai/script",
    OPENAI_BASE_URL: project.getProvidedContext().modelServer,
    OPENAI_API_KEY: "none",
    EMBEDDING_MODEL: "local",
  });
  project.provide("colloquy", { url: server.url, rootKey: ROOT_KEY });
  return () => server.stop();
}

declare module "vitest" {
  interface ProvidedContext {
    colloquy: { url: string; rootKey: string };
  }
}

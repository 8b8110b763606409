import type { TestProject } from "vitest/node";

import { freshStorage, startServer } from "../journeys/server.ts";

/** Those of test/support/model-server.ts. Without being named, nobody of them answers: the embedded model does. */
const MODELS = [
  "echo",
  "fail",
  "flaky",
  "hang",
  "record",
  "raw",
  "count",
  "drip",
  "break",
  "tools",
  "reason",
  "length",
  "json",
];

/** What a server of these tests is set to. @param modelServer - the base URL of the model server */
export const settings = (modelServer: string): Record<string, string> => ({
  MODEL: ["local", ...MODELS.map((name) => `openai/${name}`)].join(","),
  MODEL_ALIASES: "gpt-5.2=openai/echo",
  OPENAI_BASE_URL: modelServer,
  OPENAI_API_KEY: "none",
  EMBEDDING_MODEL: "local",
});

/** The built Worker, for as long as the tests run. Stands behind the model server in the list of set-ups. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer(
    freshStorage(),
    settings(project.getProvidedContext().modelServer),
  );
  project.provide("server", server.url);
  return () => server.stop();
}

declare module "vitest" {
  interface ProvidedContext {
    /** The server's URL. */
    server: string;
  }
}

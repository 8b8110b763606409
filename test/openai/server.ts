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
];

/** The built Worker, for as long as the tests run. Stands behind the model server in the list of set-ups. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer(freshStorage(), {
    MODEL: ["local", ...MODELS.map((name) => `openai/${name}`)].join(","),
    OPENAI_BASE_URL: project.getProvidedContext().modelServer,
    OPENAI_API_KEY: "none",
  });
  project.provide("server", server.url);
  return () => server.stop();
}

declare module "vitest" {
  interface ProvidedContext {
    /** The server's URL. */
    server: string;
  }
}

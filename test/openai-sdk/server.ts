import type { TestProject } from "vitest/node";

import { freshStorage, startServer } from "../journeys/server.ts";
import { settings } from "./settings.ts";

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

// `npm run dev` starts the development server, which asks for no key. `npm run dev:keys` starts it with AUTH=keys, as a
// deployment runs, and prints its root key. Further options go to `wrangler dev`.
import { spawn } from "node:child_process";

import { devCommand } from "./dev-command.ts";

function stop(why: string): never {
  console.error(why);
  process.exit(1);
}

function commandOf([mode, ...given]: string[]): string[] {
  try {
    return devCommand(mode, given, (text) => console.log(text));
  } catch (error) {
    return stop((error as Error).message);
  }
}

const server = spawn("wrangler", commandOf(process.argv.slice(2)), {
  stdio: "inherit",
  // Else every span of every request is written to a file that only grows.
  env: { X_LOCAL_OBSERVABILITY: "false", ...process.env },
});
// The terminal sends Ctrl-C to both: this process ends after the server.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => server.kill(signal));
server.on("error", (error) => stop(`wrangler dev does not start: ${error.message}`));
server.on("exit", (status, signal) => process.exit(status ?? (signal === "SIGINT" ? 130 : 1)));

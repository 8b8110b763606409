// `npm run dev` starts the development server, which asks for no key. `npm run dev:keys` starts it with AUTH=keys, as a
// deployment runs, and prints its root key. Further options go to `wrangler dev`.
import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

import { devCommand, portOf } from "./dev-command.ts";

/** Between two questions whether the server answers. */
const LOOK_EVERY_MS = 500;

function stop(why: string): never {
  console.error(why);
  process.exit(1);
}

const isAnswering = (url: string): Promise<boolean> =>
  fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );

const said: string[] = [];
const say = (text: string): void => {
  said.push(text);
  console.log(text);
};
function commandOf([mode, ...given]: string[]): string[] {
  try {
    return devCommand(mode, given, say);
  } catch (error) {
    return stop((error as Error).message);
  }
}

const command = commandOf(process.argv.slice(2));
const url = `http://localhost:${portOf(command)}`;
// Where another server has the port, wrangler takes another one, and says which.
const isTaken = await isAnswering(url);
const server = spawn("wrangler", command, {
  stdio: "inherit",
  // Else every span of every request is written to a file that only grows.
  env: { X_LOCAL_OBSERVABILITY: "false", ...process.env },
});
// The terminal sends Ctrl-C to both: this process ends after the server.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => server.kill(signal));
server.on("error", (error) => stop(`wrangler dev does not start: ${error.message}`));
server.on("exit", (status, signal) => process.exit(status ?? (signal === "SIGINT" ? 130 : 1)));

/** Wrangler prints a line for each module before it answers: what matters comes after them, once more. */
async function sayOnceItAnswers(): Promise<void> {
  while (server.exitCode === null) {
    await delay(LOOK_EVERY_MS);
    if (!(await isAnswering(url))) continue;
    const place = `\nColloquy answers on ${url}: a browser gets the console, and the API is at ${url}/docs\n`;
    console.log([place, ...said].join(""));
    return;
  }
}
if (!isTaken) await sayOnceItAnswers();

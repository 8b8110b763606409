import { spawnSync } from "node:child_process";

/** Where a command runs. */
export interface Surroundings {
  directory: string;
  env: NodeJS.ProcessEnv;
  say: (line: string) => void;
}

interface Printed {
  isDone: boolean;
  stdout: string;
  /** For people: the command and all that it printed. */
  report: string;
}

/** Runs wrangler, which `npm run` has in PATH. A dry run prints the commands that change something, and runs none. */
export class Wrangler {
  readonly isDry: boolean;
  readonly #around: Surroundings;

  constructor(isDry: boolean, around: Surroundings) {
    this.isDry = isDry;
    this.#around = around;
  }

  say(line: string): void {
    this.#around.say(line);
  }

  /** Runs a command that changes something. @param input - what it reads, which is not shown */
  change(args: readonly string[], input?: string): void {
    this.say(`$ ${input === undefined ? "" : "… | "}npx wrangler ${args.join(" ")}`);
    if (this.isDry) return;
    const { isDone, report } = this.#spawn(args, input);
    if (!isDone) throw new Error(report);
  }

  /** Runs a command that only looks; null in a dry run. */
  look(args: readonly string[]): Printed | null {
    return this.isDry ? null : this.#spawn(args);
  }

  #spawn(args: readonly string[], input = ""): Printed {
    const { status, stdout, stderr, error } = spawnSync("wrangler", args, {
      cwd: this.#around.directory,
      encoding: "utf8",
      input,
      env: { ...this.#around.env, WRANGLER_SEND_METRICS: "false" },
    });
    if (error) throw new Error(`wrangler does not start: ${error.message}`);
    const report = `npx wrangler ${args.join(" ")} failed:\n${stderr}${stdout}`.trim();
    return { isDone: status === 0, stdout, report };
  }
}

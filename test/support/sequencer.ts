import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

/** Files that begin first of their project, the longest first: the others fill the time meanwhile. */
const AHEAD = [
  // A minute, and half of one each.
  "cli/command.test.ts",
  "openai-sdk/response-streams.test.ts",
  "ai-sdk/use-chat.test.ts",
  "ai-sdk/ui-message-stream.test.ts",
  "cli/sql/sql-source.test.ts",
  // Two starts of a server, and a stream of seconds between them.
  "openai-sdk/restart.test.ts",
  "setup/dev.test.ts",
  "setup/set-up.test.ts",
  // One test alone takes many seconds.
  "account/large-account.test.ts",
  "account/large-sessions.test.ts",
  "model/first.test.ts",
  "model/second.test.ts",
  "http/holds.test.ts",
];

const place = ({ moduleId }: TestSpecification): number => {
  const at = AHEAD.findIndex((file) => moduleId.endsWith(`/test/${file}`));
  return at === -1 ? AHEAD.length : at;
};

/**
 * Vitest's own order, in which projects come one after the other, but for files that are to begin first of their project.
 * Between two projects Vitest ends its runners: each time, all modules are loaded again.
 */
export class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- a sequencer's method
    const sorted = await super.sort(files);
    const projects = Map.groupBy(sorted, ({ project }) => project.name);
    return [...projects.values()].flatMap((own) =>
      own.toSorted((one, other) => place(one) - place(other)),
    );
  }
}

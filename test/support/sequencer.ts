import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

/** Files that wait for servers, the longest first: they take little of the processor. */
const WAITING = [
  "openai-sdk/restart.test.ts",
  "cli/command.test.ts",
  "openai-sdk/response-streams.test.ts",
];
/** Files of which one test alone takes many seconds. */
const LONG = [
  "model/first.test.ts",
  "model/second.test.ts",
  "account/large-account.test.ts",
  "account/large-sessions.test.ts",
  "http/holds.test.ts",
];
const AHEAD = [...WAITING, ...LONG];

const place = ({ moduleId }: TestSpecification): number => {
  const at = AHEAD.findIndex((file) => moduleId.endsWith(`/test/${file}`));
  return at === -1 ? AHEAD.length : at;
};

/** Files that wait begin first, so that those that work fill the time. Otherwise Vitest's own order. */
export class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- a sequencer's method
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => place(one) - place(other));
  }
}

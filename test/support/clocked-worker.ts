import { setClockOffset, shiftAlarms } from "./clock.ts";
import worker, {
  AccountDirectoryDO as Directory,
  ConversationDO as Conversation,
} from "../../src/index.ts";

/** Set by the build, see test/journeys/server.ts. */
declare const CLOCK_OFFSET_MS: number;
setClockOffset(CLOCK_OFFSET_MS);

/** The Worker, at another time than the machine's. Built for tests, never deployed. */
export default worker;

export class ConversationDO extends Conversation {
  constructor(context: DurableObjectState, env: Env) {
    shiftAlarms(context.storage);
    super(context, env);
  }
}

export class AccountDirectoryDO extends Directory {
  constructor(context: DurableObjectState, env: Env) {
    shiftAlarms(context.storage);
    super(context, env);
  }
}

import { setClockOffset } from "./clock.ts";
import worker, { AccountDirectoryDO, ConversationDO as Conversation } from "./clocked-worker.ts";
import { WAKE_MS } from "../../src/account/alarm.ts";

declare const CLOCK_OFFSET_MS: number;
setClockOffset(CLOCK_OFFSET_MS + WAKE_MS);

/** The Worker, when the wait for a lost job is over: each account's alarm is earlier by so much. */
export default worker;

export { AccountDirectoryDO };

export class ConversationDO extends Conversation {
  constructor(context: DurableObjectState, env: Env) {
    super(context, env);
    void context.blockConcurrencyWhile(async () => {
      const at = await context.storage.getAlarm();
      if (at !== null) await context.storage.setAlarm(at - WAKE_MS);
    });
  }
}

import { AsyncLocalStorage } from "node:async_hooks";

/** The origin of work: a request, a job, a cron or an alarm. Every log line has it. */
export interface RequestContext {
  request_id: string;
  account_id?: string;
  call_id?: string;
}

const contexts = new AsyncLocalStorage<RequestContext>();

/** The context of the work that runs now; null outside of any. */
export const currentContext = (): RequestContext | null => contexts.getStore() ?? null;

/** Runs work in a context of its own, with all that the work begins. */
export const runInContext = <T>(context: RequestContext, work: () => T): T =>
  contexts.run({ ...context }, work);

/** Adds what became known of the work that runs now: its log lines have it from here on. */
export function noteInContext(known: Partial<RequestContext>): void {
  const context = contexts.getStore();
  if (context) Object.assign(context, known);
}

/** For a job's body: the job's log lines have the id of the request that queued it. */
export function requestIdField(): { request_id?: string } {
  const context = contexts.getStore();
  return context ? { request_id: context.request_id } : {};
}

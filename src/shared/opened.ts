/** What an object's constructor opens: it is there at once, or work has to be awaited for it. That work has not begun. */
export type Opened<T extends object> = T | (() => Promise<Opened<T>>);

/** Whether there is work to be awaited. */
const isWork = <T extends object>(opened: Opened<T>): opened is () => Promise<Opened<T>> =>
  typeof opened === "function";

/** Goes on with what was opened, at once or after the work. */
export const whenOpened = <T extends object, R extends object>(
  opened: Opened<T>,
  use: (value: T) => R,
): Opened<R> => (isWork(opened) ? async () => whenOpened(await opened(), use) : use(opened));

/**
 * Opens an object, in its constructor. Work begins inside `blockConcurrencyWhile`, so that what it awaits is let in, and no
 * call is. After a failure the runtime makes the object again at its next call.
 *
 * @param keep - is given the value before the object's first call
 */
export function openObject<T extends object>(
  ctx: DurableObjectState,
  opened: Opened<T>,
  keep: (value: T) => void,
): void {
  if (!isWork(opened)) {
    keep(opened);
    return;
  }
  void ctx.blockConcurrencyWhile(async () => {
    let next: Opened<T> = opened;
    while (isWork(next)) next = await next();
    keep(next);
  });
}

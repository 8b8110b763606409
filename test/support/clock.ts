/**
 * `Date` of this process or isolate, ahead of the machine's by an offset. Import it before all that reads the time. Timers
 * and the expiry of KV keys, queues' messages and Redis' keys keep the machine's time.
 */
const realNow: () => number = Date.now.bind(Date);
let offsetMs = 0;

Date.now = () => realNow() + offsetMs;
globalThis.Date = new Proxy(Date, {
  construct: (target, args: [], newTarget: DateConstructor) =>
    Reflect.construct(target, args.length === 0 ? [target.now()] : args, newTarget) as Date,
});

/** How many ms this clock is ahead of the machine's. */
export const clockOffset = (): number => offsetMs;

/** Moves the clock by an offset from the machine's time. A second call replaces the first. */
export function setClockOffset(ms: number): void {
  offsetMs = ms;
}

/** Moves the clock to a time, in ms since the epoch. It goes on from there. */
export const setClock = (now: number): void => setClockOffset(now - realNow());

interface Alarms {
  getAlarm: (options?: object) => Promise<number | null>;
  setAlarm: (at: number | Date, options?: object) => Promise<void>;
}

const shifted = new Set<object>();

/** Lets the alarms of all objects go off by this clock. @param storage - of any object */
export function shiftAlarms(storage: Alarms): void {
  const prototype = Object.getPrototypeOf(storage) as Alarms;
  if (shifted.has(prototype)) return;
  shifted.add(prototype);
  const { getAlarm, setAlarm } = prototype;
  prototype.setAlarm = function (at, options) {
    return setAlarm.call(this, Number(at) - offsetMs, options);
  };
  prototype.getAlarm = async function (options) {
    const at = await getAlarm.call(this, options);
    return at === null ? null : at + offsetMs;
  };
}

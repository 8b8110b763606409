import { useEffect } from "preact/hooks";

/** How often it is looked whether something has gone on, in ms. */
const POLL_MS = 2_000;

/** Reads again and again while something is under way, each time so long after the time before is over. */
export function usePolling(isUnderWay: boolean, read: () => Promise<void>): void {
  useEffect(() => {
    if (!isUnderWay) return undefined;
    let isOver = false;
    const poll = async () => {
      await read();
      if (!isOver) timer = setTimeout(poll, POLL_MS);
    };
    let timer = setTimeout(poll, POLL_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isUnderWay]);
}

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import type { Step } from "../curl.ts";

/** What an action does to one object. */
export interface ActionStep {
  /** The object, such as a session's id. */
  name: string;
  request: Step;
  /** @returns the receipt @throws where it is refused */
  run: () => Promise<ComponentChildren>;
}

interface Receipt {
  name: string;
  isDone: boolean;
  words: ComponentChildren;
}

/**
 * Does the steps of an action one after the other. When the view is left, or the person stops it, the step that is
 * under way is the last one.
 *
 * @param onChanged - is called where anything was changed, once the view is left and no step is under way
 */
export function useSteps(steps: readonly ActionStep[], onChanged: () => void) {
  const [state, setState] = useState<"asking" | "running" | "over">("asking");
  const [receipts, setReceipts] = useState<Receipt[]>([]);
  const now = useRef({ isStopped: false, isLeft: false, isUnderWay: false, isChanged: false });
  const tellChange = () => {
    const { isLeft, isUnderWay, isChanged } = now.current;
    if (isLeft && !isUnderWay && isChanged) onChanged();
  };
  const latest = useRef(tellChange);
  latest.current = tellChange;
  const stop = () => {
    now.current.isStopped = true;
  };
  useEffect(
    () => () => {
      stop();
      now.current.isLeft = true;
      latest.current();
    },
    [],
  );
  const run = async () => {
    setState("running");
    now.current.isUnderWay = true;
    for (const { name, run: act } of steps) {
      if (now.current.isStopped) break;
      const receipt = await act().then(
        (words) => ({ name, isDone: true, words }),
        (error: unknown) => ({ name, isDone: false, words: (error as Error).message }),
      );
      now.current.isChanged ||= receipt.isDone;
      setReceipts((before) => [...before, receipt]);
    }
    now.current.isUnderWay = false;
    setState("over");
    latest.current();
  };
  return { state, receipts, run, stop };
}

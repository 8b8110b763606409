import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import type { Step } from "../curl.ts";
import { useLoad } from "../use-load.ts";
import { count } from "../words.ts";
import { Badge } from "./badge.tsx";
import { Curl } from "./curl-of.tsx";
import { Dialog } from "./dialog.tsx";
import { Loading } from "./notice.tsx";

/** Something that changes what is stored: first what it would do, then the doing, then the receipt. */
export interface Action {
  title: string;
  /** The word on the button that does it. */
  verb: string;
  isDangerous?: boolean;
  /** What a dry run says. */
  preview: () => Promise<ComponentChildren>;
  /** One for each object that it is about. */
  steps: ActionStep[];
}

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
 * An action's dialog, while one is asked for.
 *
 * @param onChanged - is called when the dialog is closed, where anything was changed
 * @returns the dialog, and what asks for an action
 */
export function useAction(onChanged: () => void) {
  const [action, setAction] = useState<Action | null>(null);
  const close = (changed: boolean) => {
    setAction(null);
    if (changed) onChanged();
  };
  return [action && <ActionDialog action={action} onClose={close} />, setAction] as const;
}

/** @param onClose - is told whether anything was changed */
function ActionDialog({
  action,
  onClose,
}: {
  action: Action;
  onClose: (changed: boolean) => void;
}) {
  const preview = useLoad(action.title, action.preview);
  const [receipts, setReceipts] = useState<Receipt[]>([]);
  const [isRunning, setRunning] = useState(false);
  const { steps } = action;
  const isOver = receipts.length === steps.length;
  const run = async () => {
    setRunning(true);
    for (const { name, run: act } of steps) {
      const receipt = await act().then(
        (words) => ({ name, isDone: true, words }),
        (error: unknown) => ({ name, isDone: false, words: (error as Error).message }),
      );
      setReceipts((before) => [...before, receipt]);
    }
    setRunning(false);
  };
  const failed = receipts.filter(({ isDone }) => !isDone).length;
  return (
    <Dialog title={action.title} onClose={() => onClose(receipts.length > failed)}>
      {receipts.length === 0 && <Loading of={preview}>{(words) => <div>{words}</div>}</Loading>}
      {steps.length > 1 && (isRunning || isOver) && (
        <progress max={steps.length} value={receipts.length} aria-label="Progress" />
      )}
      {receipts.length > 0 && (
        <>
          <p role="status">
            {isOver
              ? `${count(receipts.length - failed, "receipt")}${failed > 0 ? `, ${failed} refused` : ""}.`
              : `${receipts.length} of ${steps.length}…`}
          </p>
          <ul class="receipts">
            {receipts.map(({ name, isDone, words }) => (
              <li key={name}>
                <Badge tone={isDone ? "good" : "bad"}>{isDone ? "done" : "refused"}</Badge>
                <code>{name}</code> <span>{words}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {steps[0] && (
        <Curl
          step={steps[0].request}
          label={
            steps.length === 1 ? "The same by curl" : "The same by curl, for the first of them"
          }
        />
      )}
      <footer>
        {isOver ? (
          <button type="button" onClick={() => onClose(receipts.length > failed)}>
            Close
          </button>
        ) : (
          <button
            type="button"
            class={action.isDangerous ? "danger" : "primary"}
            disabled={
              isRunning || preview.isLoading || preview.error !== null || steps.length === 0
            }
            onClick={() => void run()}
          >
            {isRunning ? "Working…" : action.verb}
          </button>
        )}
      </footer>
    </Dialog>
  );
}

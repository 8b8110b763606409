import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import { useLoad } from "../use-load.ts";
import { count } from "../words.ts";
import { Badge } from "./badge.tsx";
import { Curl } from "./curl-of.tsx";
import { Dialog } from "./dialog.tsx";
import { Loading } from "./notice.tsx";
import { useSteps } from "./use-steps.ts";
import type { ActionStep } from "./use-steps.ts";

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

/**
 * An action's dialog, while one is asked for.
 *
 * @param onChanged - is called where anything was changed, once the dialog is closed and no request is under way
 * @returns the dialog, and what asks for an action
 */
export function useAction(onChanged: () => void) {
  const [action, setAction] = useState<Action | null>(null);
  const dialog = action && (
    <ActionDialog action={action} onClose={() => setAction(null)} onChanged={onChanged} />
  );
  return [dialog, setAction] as const;
}

const takeFocus = (button: HTMLButtonElement | null): void => button?.focus();

function ActionDialog({
  action: { title, verb, isDangerous, preview: look, steps },
  onClose,
  onChanged,
}: {
  action: Action;
  onClose: () => void;
  onChanged: () => void;
}) {
  const preview = useLoad(title, look);
  const { state, receipts, run, stop } = useSteps(steps, onChanged);
  const failed = receipts.filter(({ isDone }) => !isDone).length;
  const left = steps.length - receipts.length;
  return (
    <Dialog title={title} onClose={onClose}>
      {state === "asking" && <Loading of={preview}>{(words) => <div>{words}</div>}</Loading>}
      {steps.length > 1 && state !== "asking" && (
        <progress max={steps.length} value={receipts.length} aria-label="Progress" />
      )}
      {state !== "asking" && (
        <p role="status">
          {state === "over"
            ? `${count(receipts.length - failed, "receipt")}${failed > 0 ? `, ${failed} refused` : ""}${left > 0 ? `, ${left} not begun` : ""}.`
            : `${receipts.length} of ${steps.length}…`}
        </p>
      )}
      <ul class="receipts">
        {receipts.map(({ name, isDone, words }) => (
          <li key={name}>
            <Badge tone={isDone ? "good" : "bad"}>{isDone ? "done" : "refused"}</Badge>
            <code>{name}</code> <span>{words}</span>
          </li>
        ))}
      </ul>
      {steps[0] && (
        <Curl
          step={steps[0].request}
          label={
            steps.length === 1 ? "The same by curl" : "The same by curl, for the first of them"
          }
        />
      )}
      <footer>
        {state === "over" ? (
          <button
            type="button"
            ref={takeFocus}
            onClick={({ currentTarget }) => currentTarget.closest("dialog")?.close()}
          >
            Close
          </button>
        ) : (
          <>
            {state === "running" && steps.length > 1 && (
              <button type="button" ref={takeFocus} onClick={stop}>
                Stop after this one
              </button>
            )}
            <button
              type="button"
              class={isDangerous ? "danger" : "primary"}
              disabled={
                state === "running" ||
                preview.isLoading ||
                preview.error !== null ||
                steps.length === 0
              }
              onClick={() => void run()}
            >
              {state === "running" ? "Working…" : verb}
            </button>
          </>
        )}
      </footer>
    </Dialog>
  );
}

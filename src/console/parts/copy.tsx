import { useRef, useState } from "preact/hooks";

const SHOWN_MS = 1_500;
/** Says what became of the copying, on the button. */
const SAID = { done: "Copied", failed: "Press Ctrl and C" };

/** A text to copy, such as a command. */
export function Copyable({ text, label }: { text: string; label: string }) {
  const [said, setSaid] = useState<string | null>(null);
  const shown = useRef<HTMLPreElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid(SAID.done);
    } catch {
      // Without TLS, or where the browser refuses: the text is selected, so that a key copies it.
      if (shown.current) getSelection()?.selectAllChildren(shown.current);
      setSaid(SAID.failed);
    }
    setTimeout(() => setSaid(null), SHOWN_MS);
  };
  return (
    <div class="copyable">
      <pre ref={shown} tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <button type="button" onClick={() => void copy()}>
        {said ?? "Copy"}
      </button>
    </div>
  );
}

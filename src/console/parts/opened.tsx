import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

/** A part that is loaded when it is opened for the first time. */
export function Opened({ title, children }: { title: string; children: () => ComponentChildren }) {
  const [wasOpened, setOpened] = useState(false);
  return (
    <details class="folded" onToggle={() => setOpened(true)}>
      <summary>{title}</summary>
      {wasOpened && children()}
    </details>
  );
}

import type { ComponentChildren } from "preact";

import { place, setQuery } from "../router.ts";

/** The tab that the URL names; "" is the first. */
export const chosenTab = (): string => place.value.query.get("tab") ?? "";

/**
 * Tabs, each with a URL of its own, and the panel of the chosen one.
 *
 * @param titles - by the name of the tab in the URL
 */
export function Tabs({
  label,
  titles,
  panelClass,
  children,
}: {
  label: string;
  titles: Record<string, string>;
  panelClass?: string;
  children: ComponentChildren;
}) {
  const tab = chosenTab();
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label}>
        {Object.entries(titles).map(([name, title]) => (
          <button
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={tab === name}
            aria-controls="tab-panel"
            onClick={() => setQuery({ tab: name })}
          >
            {title}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`} class={panelClass}>
        {children}
      </div>
    </>
  );
}

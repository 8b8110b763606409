import { place, setQuery } from "../router.ts";
import { Accounts } from "./admin-accounts.tsx";
import { Flags } from "./admin-flags.tsx";
import { Keys } from "./admin-keys.tsx";
import { AdminLog } from "./admin-log.tsx";

const TABS = { "": "Accounts", keys: "Keys", flags: "Flags", log: "Log" };

/** What is done for a whole deployment. */
export function Admin() {
  const tab = place.value.query.get("tab") ?? "";
  return (
    <section>
      <h1>Admin</h1>
      <div class="tabs" role="tablist" aria-label="Subjects">
        {Object.entries(TABS).map(([name, title]) => (
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
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === "keys" ? (
          <Keys />
        ) : tab === "flags" ? (
          <Flags />
        ) : tab === "log" ? (
          <AdminLog />
        ) : (
          <Accounts />
        )}
      </div>
    </section>
  );
}

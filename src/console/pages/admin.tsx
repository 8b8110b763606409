import { Tabs, chosenTab } from "../parts/tabs.tsx";
import { Accounts } from "./admin-accounts.tsx";
import { Flags } from "./admin-flags.tsx";
import { Jobs } from "./admin-jobs.tsx";
import { Keys } from "./admin-keys.tsx";
import { AdminLog } from "./admin-log.tsx";

const TABS = { "": "Accounts", keys: "Keys", flags: "Flags", jobs: "Jobs", log: "Log" };

/** What is done for a whole deployment. */
export function Admin() {
  const tab = chosenTab();
  return (
    <section>
      <h1>Admin</h1>
      <Tabs label="Subjects" titles={TABS}>
        {tab === "keys" ? (
          <Keys />
        ) : tab === "flags" ? (
          <Flags />
        ) : tab === "jobs" ? (
          <Jobs />
        ) : tab === "log" ? (
          <AdminLog />
        ) : (
          <Accounts />
        )}
      </Tabs>
    </section>
  );
}

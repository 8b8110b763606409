import { useState } from "preact/hooks";

import { unwrap } from "../../client/index.ts";
import type { components } from "../../client/index.ts";
import { api } from "../auth.ts";
import { Curl } from "../parts/curl-of.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Failure } from "../parts/notice.tsx";

type Account = components["schemas"]["Account"];

const LIMITS = {
  turns_per_day: "Turns a day",
  stored_bytes: "Stored bytes",
  sessions: "Live sessions",
} as const;
type Limit = keyof typeof LIMITS;

/** Changes an account's quotas and its legal hold. Empty is no limit, and no hold. */
export function EditAccount({
  account,
  onClose,
}: {
  account: Account;
  onClose: (changed: boolean) => void;
}) {
  const { account_id, quotas, hold } = account;
  const [limits, setLimits] = useState<Record<Limit, string>>(() => ({
    turns_per_day: String(quotas?.turns_per_day?.limit ?? ""),
    stored_bytes: String(quotas?.stored_bytes?.limit ?? ""),
    sessions: String(quotas?.sessions?.limit ?? ""),
  }));
  const [reason, setReason] = useState(hold ?? "");
  const [error, setError] = useState<Error | null>(null);
  const [isSaving, setSaving] = useState(false);
  const body = {
    quotas: {
      turns_per_day: limitOf(limits.turns_per_day),
      stored_bytes: limitOf(limits.stored_bytes),
      sessions: limitOf(limits.sessions),
    },
    ...(reason !== (hold ?? "") && { hold: reason === "" ? null : reason }),
  };
  const path = { account_id };
  const save = async () => {
    setSaving(true);
    setError(null);
    try {
      await unwrap(api.value.PATCH("/admin/accounts/{account_id}", { params: { path }, body }));
      onClose(true);
    } catch (failed) {
      setError(failed as Error);
      setSaving(false);
    }
  };
  return (
    <Dialog title={`The account ${account_id}`} onClose={() => onClose(false)}>
      <form
        class="stacked"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {(Object.keys(LIMITS) as Limit[]).map((name) => (
          <label key={name}>
            {LIMITS[name]}
            <input
              name={name}
              inputMode="numeric"
              pattern="[0-9]*"
              placeholder="no limit"
              value={limits[name]}
              onInput={(event) => setLimits({ ...limits, [name]: event.currentTarget.value })}
            />
          </label>
        ))}
        <label>
          Legal hold of the whole account: the reason
          <input
            name="hold"
            maxLength={512}
            placeholder="no hold"
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        {reason === "" && hold !== null && (
          <p class="notice warn">
            Lifting the hold lets the next purge archive what is due, and drops kept versions.
          </p>
        )}
        {error && <Failure error={error} />}
        <Curl
          step={{ method: "PATCH", path: "/admin/accounts/{account_id}", params: path, body }}
          label="The same by curl"
        />
        <footer>
          <button type="submit" class="primary" disabled={isSaving}>
            {isSaving ? "Working…" : "Save it"}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

const limitOf = (text: string): number | null => (text.trim() === "" ? null : Number(text));

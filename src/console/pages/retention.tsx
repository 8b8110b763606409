import { useState } from "preact/hooks";

import { unwrap } from "../../client/index.ts";
import type { components } from "../../client/index.ts";
import { api, may } from "../auth.ts";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Failure, Loading } from "../parts/notice.tsx";
import { RETENTION_FIELDS, retentionWords } from "../retention-words.ts";
import type { FieldName } from "../retention-words.ts";
import { useLoad } from "../use-load.ts";
import { RetentionTrial } from "./retention-trial.tsx";

type Settings = components["schemas"]["RetentionSettings"];
type Trial = components["schemas"]["RetentionTrial"];

/** The account's retention in plain words, and a change of it that shows first what it would take. */
export function Retention() {
  const retention = useLoad("retention", () => unwrap(api.value.GET("/retention")));
  const [isSaved, setSaved] = useState(false);
  return (
    <section>
      <h1>Retention</h1>
      <Loading of={retention}>
        {({ set, effective }) => (
          <>
            <ul class="plain-words">
              {retentionWords(effective).map((sentence) => (
                <li>{sentence}</li>
              ))}
            </ul>
            <p role="status">{isSaved && <Badge tone="good">Saved: it is in force</Badge>}</p>
            {may("manage") && (
              <Change
                key={JSON.stringify(set)}
                set={set}
                effective={effective}
                onSaved={() => {
                  setSaved(true);
                  scrollTo(0, 0);
                  retention.reload();
                }}
              />
            )}
          </>
        )}
      </Loading>
      <Curl step={{ method: "GET", path: "/retention" }} />
    </section>
  );
}

/** The form's text of each field: empty for the deployment's value, `never` for null. */
type Draft = Record<FieldName, string> & { rules: string };

function draftOf(set: Settings): Draft {
  const fields = Object.fromEntries(
    RETENTION_FIELDS.map(({ name }) => {
      const value = set[name];
      return [name, value === undefined ? "" : value === null ? "never" : String(value)];
    }),
  ) as Record<FieldName, string>;
  return { ...fields, rules: set.rules === undefined ? "" : JSON.stringify(set.rules, null, 2) };
}

/** @throws SyntaxError where the rules are not JSON */
function settingsOf({ rules, ...fields }: Draft): Settings {
  const given = Object.entries(fields).filter(([, text]) => text.trim() !== "");
  return {
    ...Object.fromEntries(
      given.map(([name, text]) => [name, text.trim() === "never" ? null : Number(text)]),
    ),
    ...(rules.trim() !== "" && { rules: JSON.parse(rules) as NonNullable<Settings["rules"]> }),
  };
}

function Change({
  set,
  effective,
  onSaved,
}: {
  set: Settings;
  effective: Settings;
  onSaved: () => void;
}) {
  const [draft, setDraft] = useState(() => draftOf(set));
  const [trial, setTrial] = useState<{ settings: Settings; would: Trial } | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [isBusy, setBusy] = useState(false);
  const edit = (name: keyof Draft, text: string) => {
    setDraft({ ...draft, [name]: text });
    // What was seen is not what would be saved any more.
    setTrial(null);
  };
  const attempt = async (act: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    await act().catch((failed: unknown) => setError(failed as Error));
    setBusy(false);
  };
  const look = () =>
    attempt(async () => {
      const settings = settingsOf(draft);
      const would = await unwrap(
        api.value.PUT("/retention", { params: { query: { dry_run: "true" } }, body: settings }),
      );
      if ("dry_run" in would) setTrial({ settings, would });
    });
  const save = (settings: Settings) =>
    attempt(async () => {
      await unwrap(api.value.PUT("/retention", { body: settings }));
      setTrial(null);
      onSaved();
    });
  return (
    <>
      <h2>Change it</h2>
      <p class="faint">
        An empty field takes the deployment's value. <code>never</code> takes away the limit.
      </p>
      <form
        class="fields"
        onSubmit={(event) => {
          event.preventDefault();
          void look();
        }}
      >
        {RETENTION_FIELDS.map(({ name, label, unit }) => (
          <label key={name}>
            {label}
            <span class="with-unit">
              <input
                inputMode="decimal"
                autocomplete="off"
                name={name}
                pattern="\s*(never|\d+(\.\d+)?)?\s*"
                title="A number, never, or nothing"
                placeholder={effective[name] === null ? "never" : String(effective[name] ?? "")}
                value={draft[name]}
                onInput={(event) => edit(name, event.currentTarget.value)}
              />
              <span class="faint">{unit}</span>
            </span>
          </label>
        ))}
        <label class="whole">
          Rules for some sessions, as JSON
          <textarea
            rows={4}
            name="rules"
            spellcheck={false}
            placeholder='[{"metadata":{"topic":"complaints"},"idle_days":365}]'
            value={draft.rules}
            onInput={(event) => edit("rules", event.currentTarget.value)}
          />
        </label>
        <div class="bar whole">
          <button type="submit" class={trial ? "" : "primary"} disabled={isBusy}>
            See what it would take
          </button>
          {trial && (
            <button
              type="button"
              class="danger"
              disabled={isBusy}
              onClick={() => void save(trial.settings)}
            >
              Save it
            </button>
          )}
        </div>
      </form>
      {error && <Failure error={error} />}
      {trial && <RetentionTrial {...trial} />}
    </>
  );
}

import type { components } from "../../client/index.ts";
import { Curl } from "../parts/curl-of.tsx";
import { retentionWords } from "../retention-words.ts";
import { href } from "../router.ts";
import { bytes, count } from "../words.ts";

type Settings = components["schemas"]["RetentionSettings"];
type Trial = components["schemas"]["RetentionTrial"];

const SHOWN = 20;

/** What a retention would take at the next sweep, before it is saved. */
export function RetentionTrial({ settings, would }: { settings: Settings; would: Trial }) {
  const { would_archive, would_delete, would_delete_backups, effective } = would;
  return (
    <div class="trial" role="status">
      <h3>The next sweep would</h3>
      <ul>
        <li>
          archive <strong>{count(would_archive.sessions, "session")}</strong> (
          {bytes(would_archive.bytes)})
          <SessionLinks ids={would_archive.first_session_ids} />
        </li>
        <li>
          delete for good <strong>{count(would_delete.sessions, "archived session")}</strong>
          <SessionLinks ids={would_delete.first_session_ids} />
        </li>
        <li>
          delete <strong>{count(would_delete_backups.length, "backup")}</strong>{" "}
          <span class="faint">{would_delete_backups.slice(0, SHOWN).join(", ")}</span>
        </li>
      </ul>
      <details>
        <summary>The policy that would be in force</summary>
        <ul>
          {retentionWords(effective).map((sentence) => (
            <li>{sentence}</li>
          ))}
        </ul>
      </details>
      <Curl
        step={{ method: "PUT", path: "/retention", body: settings }}
        label="Saving it by curl; ?dry_run=true only looks"
      />
    </div>
  );
}

const SessionLinks = ({ ids }: { ids: readonly string[] }) =>
  ids.length === 0 ? null : (
    <details>
      <summary>The first {Math.min(ids.length, SHOWN)}</summary>
      <ul class="columns">
        {ids.slice(0, SHOWN).map((id) => (
          <li>
            <a href={href(["session", id])}>{id}</a>
          </li>
        ))}
      </ul>
    </details>
  );

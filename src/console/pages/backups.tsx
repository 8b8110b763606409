import { useState } from "preact/hooks";

import { unwrap } from "../../client/index.ts";
import type { components } from "../../client/index.ts";
import { api, may } from "../auth.ts";
import { deleteBackup, makeBackup, restoreBackup, verifyBackup } from "../backup-actions.tsx";
import { useAction } from "../parts/action-dialog.tsx";
import type { Action } from "../parts/action-dialog.tsx";
import { Badge } from "../parts/badge.tsx";
import { Curl } from "../parts/curl-of.tsx";
import { Export } from "../parts/export.tsx";
import { Moment } from "../parts/moment.tsx";
import { Empty, Failure, Loading } from "../parts/notice.tsx";
import { ShowMore } from "../parts/show-more.tsx";
import { useLoad } from "../use-load.ts";
import { usePages } from "../use-pages.ts";
import { usePolling } from "../use-polling.ts";
import { bytes, count, number } from "../words.ts";

type Backup = components["schemas"]["Backup"];

const query = { limit: 100 };
const rows = () => api.value.list("/backups", { params: { query } });

export function Backups() {
  const pages = usePages<Backup>("backups", rows);
  const [dialog, setAction] = useAction(() => pages.reload());
  const isRunning = pages.rows.some(({ status }) => status === "running");
  usePolling(isRunning, pages.refresh);
  return (
    <>
      <div class="bar">
        {may("manage") && (
          <button type="button" class="primary" onClick={() => setAction(makeBackup())}>
            Make a backup
          </button>
        )}
        <Export name="backups" rows={rows} />
      </div>
      {pages.error && <Failure error={pages.error} retry={pages.reload} />}
      {pages.isComplete && pages.rows.length === 0 && !pages.error && (
        <Empty>There is no backup.</Empty>
      )}
      <ul class="cards">
        {pages.rows.map((backup) => (
          <BackupCard key={backup.backup_id} backup={backup} onAction={setAction} />
        ))}
      </ul>
      {!pages.isComplete && !pages.error && pages.rows.length > 0 && (
        <ShowMore isLoading={pages.isLoading} onMore={pages.more} />
      )}
      <Curl step={{ method: "GET", path: "/backups", query }} />
      {dialog}
    </>
  );
}

function BackupCard({ backup, onAction }: { backup: Backup; onAction: (action: Action) => void }) {
  const { backup_id, status, reason, sessions, turns, bytes: size, skipped, created_at } = backup;
  return (
    <li>
      <h2>{backup_id}</h2>
      <p>
        <Badge>{status}</Badge> {reason === "policy" ? "by policy" : "on request"},{" "}
        <Moment at={created_at} />: {count(sessions, "session")}, {count(turns, "turn")},{" "}
        {bytes(size)}
        {skipped.length > 0 && `; ${number(skipped.length)} left out`}
      </p>
      <div class="bar">
        <button
          type="button"
          disabled={status === "running"}
          onClick={() => onAction(verifyBackup(backup))}
        >
          Verify
        </button>
        {may("manage") && (
          <>
            <button
              type="button"
              disabled={status === "running"}
              onClick={() => onAction(restoreBackup(backup))}
            >
              Restore
            </button>
            <button type="button" class="danger" onClick={() => onAction(deleteBackup(backup))}>
              Delete
            </button>
          </>
        )}
      </div>
      <Manifest backup_id={backup_id} />
    </li>
  );
}

/** Read when it is opened. */
function Manifest({ backup_id }: { backup_id: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="folded" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Manifest</summary>
      {isOpen && <Parts backup_id={backup_id} />}
    </details>
  );
}

function Parts({ backup_id }: { backup_id: string }) {
  const path = { backup_id };
  const manifest = useLoad(backup_id, () =>
    unwrap(api.value.GET("/backups/{backup_id}", { params: { path } })),
  );
  return (
    <>
      <Loading of={manifest}>
        {({ parts }) => (
          <div class="scroll-x" tabIndex={0} role="region" aria-label={`Parts of ${backup_id}`}>
            <table>
              <thead>
                <tr>
                  <th scope="col">Part</th>
                  <th scope="col">Object</th>
                  <th scope="col" class="figure">
                    Sessions
                  </th>
                  <th scope="col" class="figure">
                    Size
                  </th>
                  <th scope="col">SHA-256</th>
                </tr>
              </thead>
              <tbody>
                {parts.map(({ part, object_key, sessions, bytes: size, sha256 }) => (
                  <tr key={part}>
                    <th scope="row">{part}</th>
                    <td>
                      <code>{object_key}</code>
                    </td>
                    <td class="figure">{number(sessions)}</td>
                    <td class="figure">{bytes(size)}</td>
                    <td>
                      <code>{sha256}</code>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loading>
      <Curl step={{ method: "GET", path: "/backups/{backup_id}", params: path }} />
    </>
  );
}

import { unwrap } from "../client/index.ts";
import type { components } from "../client/index.ts";
import { api } from "./auth.ts";
import type { Action } from "./parts/action-dialog.tsx";
import { bytes, count, number } from "./words.ts";

type Backup = components["schemas"]["Backup"];
type Restored = {
  restored: number;
  replaced: number;
  repaired: number;
  unchanged: number;
  turns: number;
  complete: boolean;
};

const restoredWords = ({ restored, replaced, repaired, unchanged, turns }: Restored): string =>
  `${count(restored, "session")} restored, ${number(replaced)} replaced, ${number(repaired)} repaired, ${number(unchanged)} unchanged; ${count(turns, "turn")}`;

export const makeBackup = (): Action => ({
  title: "Make a backup of all sessions",
  verb: "Make it",
  preview: async () => {
    const { total_conversations, archived_conversations } = await unwrap(
      api.value.GET("/storage-stats"),
    );
    return (
      <p>
        {number(total_conversations)} live and {number(archived_conversations)} archived sessions
        are copied to R2. A large account's backup goes on in the background.
      </p>
    );
  },
  steps: [
    {
      name: "backup",
      request: { method: "POST", path: "/backups", body: {} },
      run: async () => {
        const made = await unwrap(api.value.POST("/backups", { body: {} }));
        return `${made.backup_id}: ${made.status}, ${count(made.sessions, "session")}, ${bytes(made.bytes)}`;
      },
    },
  ],
});

export function verifyBackup({ backup_id, bytes: size, part_count }: Backup): Action {
  const path = { backup_id };
  return {
    title: `Verify ${backup_id}`,
    verb: "Verify",
    preview: async () => (
      <p>
        Every byte of its {count(part_count, "part")} ({bytes(size)}) is read and checked. Nothing
        is changed.
      </p>
    ),
    steps: [
      {
        name: backup_id,
        request: { method: "POST", path: "/backups/{backup_id}/verify", params: path },
        run: async () => {
          const { valid, sessions, turns, errors } = await unwrap(
            api.value.POST("/backups/{backup_id}/verify", { params: { path } }),
          );
          const [first] = errors;
          if (!valid) throw new Error(`${count(errors.length, "part")} damaged: ${first?.error}`);
          return `valid: ${count(sessions, "session")}, ${count(turns, "turn")}`;
        },
      },
    ],
  };
}

export function restoreBackup({ backup_id }: Backup): Action {
  const path = { backup_id };
  const restore = async (dry_run: boolean): Promise<Restored> => {
    for (;;) {
      const report = await unwrap(
        api.value.POST("/backups/{backup_id}/restore", {
          params: { path },
          body: dry_run ? { dry_run } : {},
        }),
      );
      if (dry_run || report.complete) return report;
    }
  };
  return {
    title: `Restore ${backup_id}`,
    verb: "Restore",
    isDangerous: true,
    preview: async () => (
      <p>
        A dry run says: {restoredWords(await restore(true))}. A session that has newer turns stays,
        and an erased one does not come back.
      </p>
    ),
    steps: [
      {
        name: backup_id,
        request: { method: "POST", path: "/backups/{backup_id}/restore", params: path, body: {} },
        run: async () => restoredWords(await restore(false)),
      },
    ],
  };
}

export function deleteBackup({ backup_id, sessions, bytes: size }: Backup): Action {
  const path = { backup_id };
  return {
    title: `Delete ${backup_id}`,
    verb: "Delete",
    isDangerous: true,
    preview: async () => (
      <p>
        The backup of {count(sessions, "session")} ({bytes(size)}) is deleted for good. The sessions
        themselves stay.
      </p>
    ),
    steps: [
      {
        name: backup_id,
        request: { method: "DELETE", path: "/backups/{backup_id}", params: path },
        run: async () => {
          await unwrap(api.value.DELETE("/backups/{backup_id}", { params: { path } }));
          return "deleted";
        },
      },
    ],
  };
}

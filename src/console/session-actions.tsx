import { unwrap } from "../client/index.ts";
import type { components } from "../client/index.ts";
import { api } from "./auth.ts";
import type { Action } from "./parts/action-dialog.tsx";
import type { ActionStep } from "./parts/use-steps.ts";
import { count } from "./words.ts";

type Session = components["schemas"]["Session"];

/** What can be done to sessions that are selected, one or many. */
export function sessionActions(sessions: readonly Session[]): Action[] {
  const live = sessions.filter(({ status }) => status === "live");
  const archived = sessions.filter(({ status }) => status === "archived");
  const arePinned = sessions.every(({ pinned }) => pinned);
  const areHeld = sessions.every(({ hold }) => hold !== null);
  return [
    archive(live),
    restore(archived),
    pin(sessions, !arePinned),
    areHeld ? release(sessions) : hold(sessions.filter((each) => each.hold === null)),
    erase(sessions),
  ];
}

const held = (sessions: readonly Session[]): Session[] =>
  sessions.filter(({ hold: reason }) => reason !== null);
const turnsOf = (sessions: readonly Session[]): string =>
  `${count(sessions.length, "session")} with ${count(
    sessions.reduce((sum, { turns }) => sum + turns, 0),
    "turn",
  )}`;
const refusedWords = (sessions: readonly Session[]) =>
  held(sessions).length > 0 && (
    <p class="notice warn">
      {count(held(sessions).length, "session")} {held(sessions).length === 1 ? "is" : "are"} under
      legal hold, and will be refused.
    </p>
  );

function archive(sessions: readonly Session[]): Action {
  return {
    title: `Archive ${count(sessions.length, "session")}`,
    verb: "Archive",
    preview: async () => (
      <>
        <p>
          {turnsOf(sessions)} move to R2, verified, and leave SQLite. They stay readable and
          searchable, and come back with the next question in them.
        </p>
        {refusedWords(sessions)}
      </>
    ),
    steps: sessions.map(({ session_id }) => {
      const path = { session_id };
      return {
        name: session_id,
        request: { method: "POST", path: "/sessions/{session_id}/archive", params: path },
        run: async () => {
          const { turns } = await unwrap(
            api.value.POST("/sessions/{session_id}/archive", { params: { path } }),
          );
          return `${count(turns, "turn")} archived`;
        },
      };
    }),
  };
}

function restore(sessions: readonly Session[]): Action {
  return {
    title: `Restore ${count(sessions.length, "session")}`,
    verb: "Restore",
    preview: async () => <p>{turnsOf(sessions)} come back from R2 to SQLite, as they were.</p>,
    steps: sessions.map(({ session_id }) => {
      const path = { session_id };
      return {
        name: session_id,
        request: { method: "POST", path: "/archives/{session_id}/restore", params: path },
        run: async () => {
          const { turns } = await unwrap(
            api.value.POST("/archives/{session_id}/restore", { params: { path } }),
          );
          return `${count(turns, "turn")} restored`;
        },
      };
    }),
  };
}

/** A change of a session's fields. */
const change = (session_id: string, body: object, words: string): ActionStep => ({
  name: session_id,
  request: { method: "PATCH", path: "/sessions/{session_id}", params: { session_id }, body },
  run: async () => {
    await unwrap(
      api.value.PATCH("/sessions/{session_id}", { params: { path: { session_id } }, body }),
    );
    return words;
  },
});

const pin = (sessions: readonly Session[], pinned: boolean): Action => ({
  title: `${pinned ? "Pin" : "Unpin"} ${count(sessions.length, "session")}`,
  verb: pinned ? "Pin" : "Unpin",
  preview: async () => (
    <p>
      {pinned
        ? `${turnsOf(sessions)} stay out of every purge until they are unpinned. They can still be erased.`
        : `${turnsOf(sessions)} are purged again by the account's retention.`}
    </p>
  ),
  steps: sessions.map(({ session_id }) =>
    change(session_id, { pinned }, pinned ? "pinned" : "unpinned"),
  ),
});

const REASON = `Held in the console on ${new Date().toISOString().slice(0, 10)}`;

const hold = (sessions: readonly Session[]): Action => ({
  title: `Put ${count(sessions.length, "session")} under legal hold`,
  verb: "Hold",
  preview: async () => (
    <p>
      {turnsOf(sessions)} can neither be purged nor erased while the hold stands, also with the
      user's erasure. Its reason is “{REASON}”. The account's log keeps who set it.
    </p>
  ),
  steps: sessions.map(({ session_id }) => change(session_id, { hold: REASON }, "under legal hold")),
});

const release = (sessions: readonly Session[]): Action => ({
  title: `Lift the legal hold of ${count(sessions.length, "session")}`,
  verb: "Lift the hold",
  preview: async () => (
    <>
      <p>{turnsOf(sessions)} can be purged and erased again. The reasons of their holds:</p>
      <ul>
        {[...new Set(sessions.map((session) => session.hold))].map((reason) => (
          <li>{reason}</li>
        ))}
      </ul>
    </>
  ),
  steps: sessions.map(({ session_id }) => change(session_id, { hold: null }, "hold lifted")),
});

function erase(sessions: readonly Session[]): Action {
  return {
    title: `Erase ${count(sessions.length, "session")} for good`,
    verb: "Erase",
    isDangerous: true,
    preview: async () => (
      <>
        <p>
          {turnsOf(sessions)} are erased from SQLite, the search index, archives, backups and
          caches. Nothing brings them back, and their ids are never used again.
        </p>
        {refusedWords(sessions)}
      </>
    ),
    steps: sessions.map(({ session_id }) => {
      const path = { session_id };
      return {
        name: session_id,
        request: { method: "DELETE", path: "/sessions/{session_id}", params: path },
        run: async () => {
          const { turns, verified } = await unwrap(
            api.value.DELETE("/sessions/{session_id}", { params: { path } }),
          );
          return `${count(turns, "turn")} erased${verified ? ", verified in every place" : ""}`;
        },
      };
    }),
  };
}

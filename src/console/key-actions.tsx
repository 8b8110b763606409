import { unwrap } from "../client/index.ts";
import type { components } from "../client/index.ts";
import { api } from "./auth.ts";
import type { Action } from "./parts/action-dialog.tsx";
import { Copyable } from "./parts/copy.tsx";

type Key = components["schemas"]["Key"];

export function rotateKey({ id, name }: Key): Action {
  const path = { key_id: id };
  return {
    title: `Rotate ${name ?? id}`,
    verb: "Rotate",
    preview: async () => (
      <p>
        A new key with the same scopes is made. The old one works for another day, and then ends.
      </p>
    ),
    steps: [
      {
        name: id,
        request: { method: "POST", path: "/admin/keys/{key_id}/rotate", params: path },
        run: async () => {
          const { key } = await unwrap(
            api.value.POST("/admin/keys/{key_id}/rotate", { params: { path } }),
          );
          return <Copyable text={key} label="The new key, which is shown only now" />;
        },
      },
    ],
  };
}

export function revokeKey({ id, name }: Key): Action {
  const path = { key_id: id };
  return {
    title: `Revoke ${name ?? id}`,
    verb: "Revoke",
    isDangerous: true,
    preview: async () => <p>Its next request is refused. A revoked key cannot be brought back.</p>,
    steps: [
      {
        name: id,
        request: { method: "DELETE", path: "/admin/keys/{key_id}", params: path },
        run: async () => {
          await unwrap(api.value.DELETE("/admin/keys/{key_id}", { params: { path } }));
          return "revoked";
        },
      },
    ],
  };
}

import { ApiError } from "../../../shared/errors.ts";
import type { Grants } from "../../../shared/grants.ts";
import type { Scope } from "../../../shared/scopes.ts";
import { readValue } from "./account-values.ts";
import type { Database } from "../../../sqlite/database.ts";
import { keyNotFound } from "../../../shared/not-found-errors.ts";
import type { KeyUse } from "../../../shared/principal.ts";
import { parseJson } from "../../../shared/json.ts";

/** A key as admins see it; the key itself is stored nowhere. Times are ms since the epoch. */
export interface IssuedKey {
  id: string;
  name: string | null;
  scopes: Scope[];
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  /** The one user that the key speaks for; null for the whole account. */
  user_id: string | null;
  /** The keys that an admin key may issue; null for none. */
  grants: Grants | null;
}

type KeyRow = {
  id: string;
  name: string | null;
  scopes: string;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  user_id: string | null;
  grants: string | null;
};

/** The account's keys, and in memory those of them that are revoked: checking one reads no row. */
export class ApiKeys {
  readonly #db: Database;
  #revoked: Map<string, number> | null = null;
  #erasedAt: number | null | undefined;

  constructor(db: Database) {
    this.#db = db;
    db.onRollback(() => {
      this.#revoked = null;
    });
  }

  /** @throws ApiError `key_revoked` unless the key may still be used */
  check(use: KeyUse | null, now: number): void {
    if (use === null) return;
    this.#revoked ??= new Map(
      this.#db
        .all<{ id: string; revoked_at: number }>(
          "select id, revoked_at from keys where revoked_at is not null",
        )
        .map(({ id, revoked_at }) => [id, revoked_at]),
    );
    if (this.#erasedAt === undefined) this.#erasedAt = readValue(this.#db, "erased_at");
    const revokedAt = this.#revoked.get(use.key_id);
    // An erased account may start again under its id, but no earlier key opens it.
    if ((revokedAt === undefined || revokedAt > now) && use.issued_at > (this.#erasedAt ?? 0))
      return;
    throw new ApiError("key_revoked", "This key was revoked. Ask for a new one.");
  }

  add(key: IssuedKey): void {
    this.#db.run(
      "insert or ignore into keys (id, name, scopes, created_at, expires_at, revoked_at, user_id, grants) values (?, ?, ?, ?, ?, ?, ?, ?)",
      key.id,
      key.name,
      JSON.stringify(key.scopes),
      key.created_at,
      key.expires_at,
      key.revoked_at,
      key.user_id,
      jsonOf(key.grants),
    );
  }

  /** @throws ApiError `key_not_found` */
  setGrants(id: string, grants: Grants | null): IssuedKey {
    this.#db.run("update keys set grants = ? where id = ?", jsonOf(grants), id);
    return this.find(id);
  }

  list(): IssuedKey[] {
    const rows = this.#db.all<KeyRow>("select * from keys order by created_at, id");
    return rows.map(({ scopes, grants, ...row }) => ({
      ...row,
      scopes: parseJson(scopes) as Scope[],
      grants: grants === null ? null : (parseJson(grants) as Grants),
    }));
  }

  /** @throws ApiError `key_not_found` */
  find(id: string): IssuedKey {
    const key = this.list().find((each) => each.id === id);
    if (key) return key;
    throw keyNotFound();
  }

  /**
   * Refuses the key from `at` on. An earlier revocation stands.
   *
   * @throws ApiError `key_not_found`
   */
  revoke(id: string, at: number): IssuedKey {
    this.#db.run(
      "update keys set revoked_at = min(coalesce(revoked_at, ?1), ?1) where id = ?2",
      at,
      id,
    );
    this.#revoked = null;
    return this.find(id);
  }
}

const jsonOf = (grants: Grants | null): string | null =>
  grants === null ? null : JSON.stringify(grants);

import { nodeCrypto } from "../../../shared/node-modules.ts";
import { z } from "zod";

import type { Database } from "../../../sqlite/database.ts";
import { ApiError } from "../../../shared/errors.ts";
import type { ObjectStore } from "./object-store.ts";
import { keyringKey } from "../format/keys.ts";
import { corrupt } from "../format/record.ts";
import {
  findArchiveKey,
  listArchiveKeys,
  replaceArchiveKeys,
} from "../../store/archive/archive-keys.ts";
import type { ArchiveKeyRow } from "../../store/archive/archive-keys.ts";
import { parseJson } from "../../../shared/json.ts";

const ALGORITHM = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** First bytes of an encrypted member; gzip begins with others. The key's id, nonce, text and tag follow. */
const MAGIC = Buffer.from("CQE1");
const HEADER_BYTES = MAGIC.length + 4 + IV_BYTES;

/** The deployment's own keys, 32 bytes each, in base64. */
export interface DeploymentKeys {
  current: string | undefined;
  /** The previous `current`: it still unwraps keys, and wraps none. */
  previous: string | undefined;
}

const keyList = z.array(
  z.strictObject({
    id: z.int(),
    wrapped: z.string(),
    wrapped_by: z.string(),
    created_at: z.int(),
  }),
);

export interface KeyringParts {
  db: Database;
  store: ObjectStore;
  accountId: string;
  deployment: DeploymentKeys;
}

/**
 * Encrypts and decrypts the members of an account's segments, AES-256-GCM, with keys of the account's own, which are
 * wrapped by the deployment's and lie so in SQLite and in R2. Erasing the account erases them.
 */
export class Keyring {
  readonly #parts: KeyringParts;
  readonly #unwrapped = new Map<number, Buffer>();

  constructor(parts: KeyringParts) {
    this.#parts = parts;
  }

  get isOn(): boolean {
    return this.#parts.deployment.current !== undefined;
  }

  /** The key that is written with, made at its first use; null where encryption is off. */
  async current(now: number): Promise<number | null> {
    if (!this.isOn) return null;
    const last = this.rows().at(-1);
    return last?.id ?? this.rotate(now);
  }

  /** @throws ApiError `archive_locked` or `archive_corrupt` unless the deployment's keys open all of the account's keys */
  check(): void {
    this.#unwrapped.clear();
    for (const { id } of this.rows()) this.#key(id);
  }

  /** Makes a new key: from now on it is written with. The others read what was written with them. @returns its id */
  async rotate(now: number): Promise<number> {
    const id = (this.rows().at(-1)?.id ?? 0) + 1;
    await this.#replace([
      ...this.rows(),
      this.#wrap({ id, created_at: now }, nodeCrypto().randomBytes(32)),
    ]);
    return id;
  }

  /** Whether all that there is is wrapped by the deployment's current key. */
  get isWrapped(): boolean {
    const { current } = this.#parts.deployment;
    const name = current && nameOf(current);
    return name === undefined || this.rows().every(({ wrapped_by }) => wrapped_by === name);
  }

  /** Wraps by the deployment's current key what is wrapped by the one before. */
  async rewrap(): Promise<void> {
    const { current } = this.#parts.deployment;
    if (current === undefined) return;
    if (this.isWrapped) return;
    const name = nameOf(current);
    await this.#replace(
      this.rows().map((row) =>
        row.wrapped_by === name ? row : this.#wrap(row, this.#key(row.id)),
      ),
    );
  }

  /** Forgets keys that nothing is written with any more. The one that is written with stays. */
  async drop(isUsed: (id: number) => boolean): Promise<void> {
    const rows = this.rows();
    const kept = rows.filter((row, index) => index === rows.length - 1 || isUsed(row.id));
    if (kept.length < rows.length) await this.#replace(kept);
  }

  /** Takes the keys from R2, where SQLite lost them. */
  async recover(): Promise<void> {
    if (this.rows().length > 0) return;
    const { store, accountId } = this.#parts;
    const bytes = await store.readIfThere(keyringKey(accountId));
    if (bytes === null) return;
    const parsed = keyList.safeParse(parseJson(Buffer.from(bytes).toString()));
    if (!parsed.success) throw corrupt("its key list is malformed");
    this.#write(parsed.data);
  }

  rows(): ArchiveKeyRow[] {
    return listArchiveKeys(this.#parts.db);
  }

  /** @param id - of the key to encrypt with; null leaves the bytes as they are */
  seal(bytes: Uint8Array, id: number | null): Uint8Array {
    if (id === null) return bytes;
    const header = Buffer.alloc(HEADER_BYTES);
    MAGIC.copy(header);
    header.writeUInt32BE(id, MAGIC.length);
    const iv = nodeCrypto().randomBytes(IV_BYTES);
    iv.copy(header, HEADER_BYTES - IV_BYTES);
    return Buffer.concat([header, encrypt(this.#key(id), iv, bytes, this.#parts.accountId)]);
  }

  /** @throws ApiError `archive_corrupt` unless it is what {@link seal} made, for this account */
  open(bytes: Uint8Array): Uint8Array {
    const sealed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!sealed.subarray(0, MAGIC.length).equals(MAGIC)) return bytes;
    if (sealed.length < HEADER_BYTES + TAG_BYTES) throw corrupt("a member is cut off");
    const key = this.#key(sealed.readUInt32BE(MAGIC.length));
    const iv = sealed.subarray(HEADER_BYTES - IV_BYTES, HEADER_BYTES);
    try {
      return decrypt(key, iv, sealed.subarray(HEADER_BYTES), this.#parts.accountId);
    } catch {
      throw corrupt("a member cannot be decrypted");
    }
  }

  #key(id: number): Buffer {
    const known = this.#unwrapped.get(id);
    if (known) return known;
    const row = findArchiveKey(this.#parts.db, id);
    if (!row) throw corrupt("its key is missing");
    const { current, previous } = this.#parts.deployment;
    const by = [current, previous].find(
      (each) => each !== undefined && nameOf(each) === row.wrapped_by,
    );
    if (by === undefined) {
      throw new ApiError(
        "archive_locked",
        "The archive is encrypted with an ARCHIVE_KEY that this deployment does not have. Set that key as ARCHIVE_KEY or ARCHIVE_KEY_PREVIOUS.",
      );
    }
    const wrapped = Buffer.from(row.wrapped, "base64");
    try {
      const key = decrypt(
        Buffer.from(by, "base64"),
        wrapped.subarray(0, IV_BYTES),
        wrapped.subarray(IV_BYTES),
        this.#about(id),
      );
      this.#unwrapped.set(id, key);
      return key;
    } catch {
      throw corrupt("its key cannot be unwrapped");
    }
  }

  #wrap({ id, created_at }: Pick<ArchiveKeyRow, "id" | "created_at">, key: Buffer): ArchiveKeyRow {
    const by = this.#parts.deployment.current as string;
    const iv = nodeCrypto().randomBytes(IV_BYTES);
    const wrapped = encrypt(Buffer.from(by, "base64"), iv, key, this.#about(id));
    return {
      id,
      created_at,
      wrapped: Buffer.concat([iv, wrapped]).toString("base64"),
      wrapped_by: nameOf(by),
    };
  }

  /** A wrapped key is taken under its own account and id only. */
  #about(id: number): string {
    return `${this.#parts.accountId}/${id}`;
  }

  /** R2 first: nothing may be written with a key that only SQLite knows. */
  async #replace(rows: ArchiveKeyRow[]): Promise<void> {
    const { store, accountId } = this.#parts;
    await store.write(keyringKey(accountId), Buffer.from(JSON.stringify(rows)), {
      contentType: "application/json",
    });
    this.#write(rows);
  }

  #write(rows: readonly ArchiveKeyRow[]): void {
    replaceArchiveKeys(this.#parts.db, rows);
    this.#unwrapped.clear();
  }
}

function encrypt(key: Buffer, iv: Buffer, bytes: Uint8Array, about: string): Buffer {
  const cipher = nodeCrypto().createCipheriv(ALGORITHM, key, iv);
  cipher.setAAD(Buffer.from(about));
  return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, iv: Buffer, sealed: Buffer, about: string): Buffer {
  const decipher = nodeCrypto().createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(about));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
}

/** Names a deployment's key without saying it. */
/** Tells one deployment's key from another, and nothing about it. */
export const nameOf = (key: string): string =>
  nodeCrypto().createHash("sha256").update(key).digest("hex").slice(0, 32);

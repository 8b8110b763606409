import type { Database } from "../../../sqlite/database.ts";

/** The addresses that a message names its sender by, as keys: the surest first. */
export interface SenderAddresses {
  /** An id that WhatsApp made for this business in place of a number. */
  external: string | null;
  /** Numbers, in one spelling each. */
  numbers: string[];
  /** The address that the message came from, as Twilio wrote it: answers go there. */
  reply_to: string;
}

const ownerOf = (db: Database, address: string): string | null =>
  db.scalar<string>("select user_id from whatsapp_addresses where address = ?", address);

/**
 * The user that a sender is: who has the id, else who has one of the numbers. A number whose owner has another id went
 * to another person. The addresses are kept as that user's.
 */
export function userOfSender(
  db: Database,
  { external, numbers, reply_to }: SenderAddresses,
): string {
  const byId = external === null ? null : ownerOf(db, external);
  const byNumber = numbers.map((number) => ownerOf(db, number)).find((owner) => owner !== null);
  const isAnother =
    byId === null && external !== null && byNumber !== undefined && hasExternal(db, byNumber);
  const user = byId ?? (isAnother ? external : (byNumber ?? reply_to));
  for (const address of [...(external === null ? [] : [external]), ...numbers]) {
    db.run(
      `insert into whatsapp_addresses (address, user_id) values (?, ?)
       on conflict (address) do update set user_id = excluded.user_id
       where user_id is not excluded.user_id`,
      address,
      user,
    );
  }
  return user;
}

const hasExternal = (db: Database, userId: string): boolean =>
  db.scalar(
    "select 1 from whatsapp_addresses where user_id = ? and address not like 'whatsapp:+%' limit 1",
    userId,
  ) !== null;

/** The user of an address; the address itself where it has none. */
export const userAt = (db: Database, address: string): string => ownerOf(db, address) ?? address;

/** The user is erased: nothing tells any more that these addresses were theirs. */
export const dropAddressesOf = (db: Database, userId: string): void => {
  db.run("delete from whatsapp_addresses where user_id = ?", userId);
};

export const countAddressesOf = (db: Database, userId: string): number =>
  db.scalar<number>("select count(*) from whatsapp_addresses where user_id = ?", userId) ?? 0;

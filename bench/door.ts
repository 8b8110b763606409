import type { DoorCalls } from "./doors.ts";
import { Client, post } from "./client.ts";

/** Calls a door of a worker for one account. */
export type DoorTo = <Name extends keyof DoorCalls>(
  name: Name,
  account: string,
  takes: DoorCalls[Name]["takes"],
) => Promise<DoorCalls[Name]["gives"]>;

/** Opens a connection a call: no call shares its time with another. */
export function doorTo(url: URL): DoorTo {
  return async (name, account, takes) => {
    const client = await Client.open(url);
    try {
      return JSON.parse((await client.send(post(`/${name}/${account}`, takes))).toString());
    } finally {
      client.close();
    }
  };
}

import { randomUUID } from "node:crypto";

import { expect, inject } from "vitest";
import type { TestContext } from "vitest";

import { readBack } from "./read-back.ts";
import type { Resource } from "./read-back.ts";

const PAGE = 100;

declare module "vitest" {
  interface TaskMeta {
    /** What the table says of the conversation that was read back. */
    result?: string;
  }
}

/** An account of one test, with the two settings that a client needs. */
export class Account {
  readonly baseURL = `${inject("colloquy").url}/v1`;
  readonly apiKey: string;

  private constructor(apiKey: string) {
    this.apiKey = apiKey;
  }

  static async fresh(): Promise<Account> {
    const { url, rootKey } = inject("colloquy");
    const response = await fetch(`${url}/admin/keys`, {
      method: "POST",
      headers: { authorization: `Bearer ${rootKey}` },
      body: JSON.stringify({
        account_id: `client-${randomUUID()}`,
        scopes: ["query", "read", "manage"],
      }),
    });
    const { key } = (await response.json()) as { key?: string };
    if (key === undefined) throw new Error(`No key was issued: ${response.status}`);
    return new Account(key);
  }

  /** All pages of a list. */
  async list<T extends { id: string }>(path: string): Promise<T[]> {
    const found: T[] = [];
    for (let after = ""; ;) {
      const url = `${this.baseURL}${path}?order=asc&limit=${PAGE}${after}`;
      const response = await fetch(url, { headers: { authorization: `Bearer ${this.apiKey}` } });
      if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
      const page = (await response.json()) as { data: T[]; has_more: boolean; last_id: string };
      found.push(...page.data);
      if (!page.has_more) return found;
      after = `&after=${page.last_id}`;
    }
  }

  /** A conversation as its routes tell it, an item a line. */
  async conversation(id: string): Promise<string[]> {
    return readBack(await this.list<Resource>(`/conversations/${id}/items`));
  }

  /** All conversations of the account, oldest first. */
  async conversations(): Promise<string[][]> {
    const all = await this.list("/conversations");
    return Promise.all(all.map(({ id }) => this.conversation(id)));
  }
}

/** Reads all conversations of the account back, and notes for the table how much they are. */
export async function expectStored(
  { task }: Pick<TestContext, "task">,
  account: Account,
  expected: string[][],
): Promise<void> {
  expect(await account.conversations()).toEqual(expected);
  const items = expected.flat().length;
  task.meta.result =
    expected.length === 0
      ? "works; nothing is stored, as it asks"
      : `works; ${items} items in ${expected.length === 1 ? "one conversation" : `${expected.length} conversations`}`;
}

import type { Assistant, AssistantSettings } from "../../../assistants/assistant.ts";
import { PLAIN } from "../../../assistants/shipped.ts";
import { ApiError } from "../../../shared/errors.ts";
import { deleteValue, readValue, writeValue } from "./account-values.ts";
import type { Database } from "../../../sqlite/database.ts";

declare module "./account-values.ts" {
  interface AccountValues {
    /** The account's own assistants, by name. */
    assistants: Record<string, AssistantSettings>;
  }
}

/** How many assistants an account may have settings of: their instructions lie in one value. */
const MAX_OVERRIDDEN = 32;

/** The account's assistants: those of the deployment, as the account has changed them, and its own. */
export class Assistants {
  readonly #db: Database;
  readonly #shipped: readonly Assistant[];
  #all: Assistant[] | null = null;

  constructor(db: Database, shipped: readonly Assistant[]) {
    this.#db = db;
    this.#shipped = shipped;
    db.onRollback(() => {
      this.#all = null;
    });
  }

  /** Those of the deployment in its order, then the account's own by name. Read once a wake. */
  list(): readonly Assistant[] {
    this.#all ??= this.#merge();
    return this.#all;
  }

  /** The account's settings, by assistant. */
  settings(): Record<string, AssistantSettings> {
    return readValue(this.#db, "assistants") ?? {};
  }

  /** Days of retention by assistant, where it is not the account's. */
  retentionDays(): ReadonlyMap<string, number> {
    const own = this.list().flatMap(({ name, retention_days }) =>
      retention_days === null ? [] : [[name, retention_days] as const],
    );
    return new Map(own);
  }

  /** Replaces what the account has set of one. Null takes it back; an assistant of the account's own is gone then. */
  set(name: string, settings: AssistantSettings | null): void {
    const { [name]: _, ...others } = this.settings();
    if (settings === null) {
      if (!Object.hasOwn(this.settings(), name))
        throw new ApiError(
          "assistant_not_found",
          "The account has no settings for this assistant.",
        );
      if (Object.keys(others).length === 0) deleteValue(this.#db, "assistants");
      else writeValue(this.#db, "assistants", others);
    } else {
      if (Object.keys(others).length >= MAX_OVERRIDDEN) {
        throw new ApiError(
          "invalid_request",
          `An account takes settings for ${MAX_OVERRIDDEN} assistants. Delete some first.`,
        );
      }
      writeValue(this.#db, "assistants", { ...others, [name]: settings });
    }
    this.#all = null;
  }

  #merge(): Assistant[] {
    const settings = this.settings();
    const own = Object.keys(settings)
      .filter((name) => !this.#isShipped(name))
      .toSorted()
      .map((name): Assistant => ({ name, ...PLAIN }));
    return [...this.#shipped, ...own].map((assistant) => ({
      ...assistant,
      ...(Object.hasOwn(settings, assistant.name) &&
        (settings[assistant.name] as Partial<Assistant>)),
    }));
  }

  #isShipped(name: string): boolean {
    return this.#shipped.some((assistant) => assistant.name === name);
  }
}

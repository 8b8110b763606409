import { post } from "../client.ts";
import type { Next } from "../load.ts";
import { instantReply } from "../model-server/instant-reply.ts";
import { Prose } from "../prose.ts";
import type { Question } from "./question.ts";

/** Of each client, at a time, in turn. */
const SESSIONS = 4;
/** After so many a session is over, and another begins: what a peer reads does not grow with how fast it is. */
const TURNS = 20;
const QUESTION_BYTES = 200;

const prose = new Prose(1);
const QUESTIONS = Array.from({ length: 64 }, () => prose.write(QUESTION_BYTES));

/** `turn`: the peer asks the model. `write`: the caller did, and has question and answer stored. */
export type Kind = "turn" | "write";

/** How a peer, or Colloquy, is sent a piece of work. */
export function requestOf(kind: Kind, isColloquy: boolean, asked: Question): Buffer {
  if (kind === "turn") return post("/query", asked);
  const { accountId, session_id, query } = asked;
  const content = instantReply(query, 0);
  if (!isColloquy) return post("/write", { ...asked, response: content });
  return post("/calls", {
    accountId,
    session_id,
    request: { model: "fake", messages: [{ role: "user", content: query }] },
    response: { model: "fake", choices: [{ message: { role: "assistant", content } }] },
  });
}

/** The work that every peer is given: the same questions in the same order. */
export class Work {
  readonly #name: string;
  readonly #accounts: number;
  readonly #request: (asked: Question) => Buffer;
  #sessions = 0;
  /** How many turns were handed out. */
  turns = 0;

  /** @param name - what its accounts and sessions are called by */
  constructor(
    name: string,
    accounts: number,
    request: (asked: Question) => Buffer = (asked) => requestOf("turn", true, asked),
  ) {
    this.#name = name;
    this.#accounts = accounts;
    this.#request = request;
  }

  clients(count: number): Next[] {
    return Array.from({ length: count }, () => this.#client());
  }

  /** What one client sends. */
  #client(): Next {
    const sessions = Array.from({ length: SESSIONS }, () => ({ id: -1, turns: TURNS }));
    let at = 0;
    return () => {
      const session = sessions[at++ % SESSIONS] ?? { id: -1, turns: 0 };
      if (session.turns === TURNS) Object.assign(session, { id: this.#sessions++, turns: 0 });
      session.turns += 1;
      this.turns += 1;
      return this.#request({
        query: QUESTIONS[this.turns % QUESTIONS.length] ?? "",
        accountId: this.#account(session.id),
        session_id: `${this.#name}-${session.id}`,
      });
    };
  }

  get accounts(): string[] {
    return Array.from({ length: this.#accounts }, (_, index) => this.#account(index));
  }

  #account(session: number): string {
    return `${this.#name}-${session % this.#accounts}`;
  }
}

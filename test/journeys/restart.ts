import { ask, readTurns } from "./client.ts";
import { expect } from "./expect.ts";
import { freshStorage, startServer } from "./server.ts";

/** A server that is stopped and started remembers; so does one that is killed. */
export async function restart(): Promise<string> {
  const storage = freshStorage();
  const question = { accountId: "restart", session_id: "s1" };

  let server = await startServer(storage);
  await ask(server.url, { ...question, query: "My name is Alice" });
  await server.stop();

  server = await startServer(storage);
  const stopped = await ask(server.url, { ...question, query: "What is my name?" });
  expect(stopped.response.includes("Alice"), `after a stop it says: ${stopped.response}`);
  await server.kill();

  server = await startServer(storage);
  const killed = await ask(server.url, { ...question, query: "What is my name?" });
  expect(killed.response.includes("Alice"), `after a kill it says: ${killed.response}`);
  const turns = await readTurns(server.url, "restart", "s1");
  expect(turns.length === 3, `there are ${turns.length} turns, not 3`);
  await server.stop();
  return "Alice was remembered over a stop and over a kill";
}

import { placeOf, readTurns, send } from "./client.ts";
import type { Answer, Question, Reply } from "./client.ts";
import { expect } from "./expect.ts";
import { freshStorage, startServer } from "./server.ts";
import { answerTo, standInModel } from "./stand-in.ts";

const CROWD = 50;
/** How many messages the model is shown before the new one. */
const WINDOW = 20;

/** Many turns in one session at once: one after the other, each seeing what came before it. */
export async function crowd(): Promise<string> {
  const model = await standInModel({ delayMs: () => 20 });
  const server = await startServer(freshStorage(), model.openai);
  const allAtOnce = (one: (index: number) => Promise<Answer>) =>
    Promise.all(Array.from({ length: CROWD }, (_, index) => one(index)));

  const queued = await allAtOnce((index) => send(server.url, said("queue", `message ${index}`)));
  expectAll(queued, [200]);
  const turns = await readTurns(server.url, "crowd", "queue");
  expect(turns.length === CROWD, `${turns.length} turns of ${CROWD}`);
  for (const [index, turn] of turns.entries()) {
    expect(placeOf(turn.call_id).seq === index + 1, `a gap before ${turn.call_id}`);
    expect(turn.output === answerTo(turn.input), `${turn.call_id} has another's answer`);
    const acknowledged = queued.find(({ body }) => (body as Reply).call_id === turn.call_id);
    expect(
      (acknowledged?.body as Reply | undefined)?.response === turn.output,
      `${turn.call_id} is not what was acknowledged`,
    );
    const before = turns
      .slice(0, index)
      .flatMap(({ input, output }) => [input, output])
      .slice(-WINDOW);
    const shown = model.windows.find((window) => window.at(-1)?.content === turn.input);
    expect(
      JSON.stringify(shown?.map(({ content }) => content)) ===
        JSON.stringify([...before, turn.input]),
      `${turn.call_id} was answered from something else than the turns before it`,
    );
  }

  const impatient = await allAtOnce((index) =>
    send(server.url, { ...said("reject", `message ${index}`), on_busy: "reject" }),
  );
  expectAll(impatient, [200, 409]);
  const refused = impatient.filter(({ status }) => status === 409);
  expect(
    refused.every(({ headers }) => Number(headers.get("retry-after-ms")) > 0),
    "a 409 does not say when to try again",
  );
  const kept = await readTurns(server.url, "crowd", "reject");
  expect(
    kept.length === CROWD - refused.length,
    `${kept.length} turns for ${CROWD - refused.length} answers`,
  );

  const same = await allAtOnce(() => send(server.url, said("same-key", "only once"), "only-once"));
  expectAll(same, [200, 409]);
  const once = await readTurns(server.url, "crowd", "same-key");
  expect(once.length === 1, `one key made ${once.length} turns`);

  await server.stop();
  model.close();
  return `${CROWD} at once: ${turns.length} in line without a gap, ${refused.length} turned away on request, 1 turn of ${CROWD} with one key`;
}

const said = (session_id: string, query: string): Question => ({
  accountId: "crowd",
  session_id,
  query,
});

function expectAll(answers: readonly Answer[], statuses: readonly number[]): void {
  const wrong = answers.find(({ status }) => !statuses.includes(status));
  expect(wrong === undefined, `an answer is ${wrong?.status} ${JSON.stringify(wrong?.body)}`);
}

import type { Config } from "../config.ts";
import { count } from "../observe/metrics.ts";
import { understoodByModel } from "./by-model.ts";
import type { AskModel } from "./by-model.ts";
import { command, converse, dialogueSchema, queriesOf } from "./dialogue.ts";
import type { Dialogue, Move } from "./dialogue.ts";
import { dayOrderOf } from "./dates/numeric-dates.ts";
import { FlightError } from "./flights/flights.ts";
import { providerOf, searchFlights } from "./flights/search.ts";
import { inEnglish } from "./languages/in-english.ts";
import type { Offer } from "./offer.ts";
import { placeByCode } from "./gazetteer.ts";
import { OUTAGE, REFUSED, bestOf, offersText, searchingText } from "./replies.ts";
import { stepByStep } from "./step-by-step.ts";
import { READ_LENGTH, understand } from "./understand.ts";
import type { Understood } from "./message.ts";
import { parseJson } from "../shared/json.ts";

export interface TravelRequest {
  text: string;
  /** The session's state, as JSON. */
  state: string;
  /** The user's id, where there is one. A WhatsApp address tells how the country writes dates. */
  userId: string | null;
  /** The assistant's last words. */
  said: string | null;
  /** In ms since the epoch. */
  now: number;
  /** Everything from one message, rather than step by step. */
  smart: boolean;
  /** Null where no model is set but the offline one. */
  askModel: AskModel | null;
  /** Told what is searched for before the provider is asked; not where the answer lies in the cache. */
  onSearching?: ((text: string) => Promise<void>) | undefined;
}

export interface TravelReply {
  text: string;
  /** A merge patch of the session's state, as JSON. */
  state_patch: string;
}

/** The travel assistant's answer to one message, and what it now knows. Fails for nothing that is outside. */
export async function respondTravel(
  env: Pick<Env, "CACHE" | "DIRECTORY">,
  config: Config,
  request: TravelRequest,
): Promise<TravelReply> {
  const { now, smart } = request;
  const parsed = dialogueSchema.safeParse(parseJson(request.state));
  const before = parsed.success ? parsed.data : dialogueSchema.parse({});
  const handler = smart ? "smart" : "steps";
  count("travel_messages_total", { handler });
  const text = request.text.slice(0, READ_LENGTH);
  const { move, namesakes } = await moveOf(before, { ...request, text });
  if (move.reply !== null) return replyOf(move.reply, move.dialogue);

  const { messages } = move.dialogue.dialogue;
  const found = await searchTrip(env, config, move.dialogue, now, request.onSearching);
  count("travel_searches_total", { handler, result: found.result });
  if (found.offers === null) return replyOf(found.text, withOffers(move.dialogue, []));
  count("travel_messages_to_search_total", { handler }, messages);
  const notes = notesOf(namesakes);
  const answer = offersText(move.dialogue.trip, found.offers, { ...found, now, notes });
  return replyOf(answer, withOffers(move.dialogue, found.offers));
}

async function moveOf(
  before: Dialogue,
  { text, now, said, smart, askModel, userId }: TravelRequest,
): Promise<{ move: Move; namesakes: Understood["namesakes"] }> {
  const commanded = command(before, text) ?? command(before, inEnglish(text));
  if (commanded) return { move: commanded, namesakes: {} };
  if (!smart) return { move: stepByStep(before, inEnglish(text), now), namesakes: {} };
  const { trip, dialogue } = before;
  const english = inEnglish(text);
  const { topic } = dialogue;
  const message = { text: english, now, said, trip, topic, dayOrder: dayOrderOf(userId) };
  const offline = understand(message);
  const understood =
    askModel === null ? offline : await understoodByModel({ ...message, text }, offline, askModel);
  return { move: converse(before, english, understood, now), namesakes: understood.namesakes };
}

type Found =
  | { result: "failed" | "refused"; offers: null; text: string }
  | { result: "found"; offers: Offer[]; isDemo: boolean; overBudget: boolean };

async function searchTrip(
  env: Pick<Env, "CACHE" | "DIRECTORY">,
  config: Config,
  { trip }: Dialogue,
  now: number,
  onSearching: TravelRequest["onSearching"],
): Promise<Found> {
  let told: Promise<void> | null = null;
  const onMiss = () => (told ??= onSearching?.(searchingText(trip, now)) ?? Promise.resolve());
  const searches = await Promise.allSettled(
    queriesOf(trip, config.TRAVEL_CURRENCY, now).map((query) =>
      searchFlights(env, config, query, onMiss),
    ),
  );
  const all = searches.flatMap((each) => (each.status === "fulfilled" ? each.value.offers : []));
  const failures = searches.flatMap((each) =>
    each.status === "rejected" ? [each.reason as unknown] : [],
  );
  const stranger = failures.find((failure) => !(failure instanceof FlightError));
  if (stranger !== undefined) throw stranger;
  if (failures.length === searches.length) {
    const isOutage = failures.some((failure) => (failure as FlightError).isOutage);
    return isOutage
      ? { result: "failed", offers: null, text: OUTAGE }
      : { result: "refused", offers: null, text: REFUSED };
  }
  const { budget } = trip;
  const within = all.filter(
    // Amounts in another currency cannot be compared.
    ({ price: { amount, currency } }) =>
      budget === null || currency !== budget.currency || amount <= budget.amount,
  );
  const overBudget = within.length === 0 && all.length > 0;
  return {
    result: "found",
    offers: bestOf(overBudget ? all : within),
    isDemo: providerOf(config).name === "demo",
    overBudget,
  };
}

/** "London here is London, England": where another place of the name is as likely. */
const notesOf = (namesakes: Understood["namesakes"]): string[] =>
  Object.values(namesakes).flatMap((others) => {
    const [other] = others;
    if (!other) return [];
    const where = other.region || placeByCode(other.code)?.country;
    return [`(For the other ${other.name}, say "${other.name}, ${where}".)`];
  });

const withOffers = ({ trip, dialogue }: Dialogue, offers: Offer[]): Dialogue => ({
  trip,
  dialogue: { ...dialogue, offers, messages: offers.length > 0 ? 0 : dialogue.messages },
});

/** Both parts of the state are ours as a whole: a null in the patch takes out what is not known. */
const replyOf = (text: string, after: Dialogue): TravelReply => ({
  text,
  state_patch: JSON.stringify(after),
});

import { keyOf } from "../../shared/ids.ts";
import { parseItemId, placedItems } from "../../openai/responses/item.ts";
import type { ItemPlace, PlacedItem } from "../../openai/responses/item.ts";
import { walkTurns } from "./read-messages.ts";
import type { TurnReader } from "./read-messages.ts";
import { readPage } from "../../sqlite/keyset-page.ts";
import type { Page, PageQuery } from "../../sqlite/keyset-page.ts";
import { isVisible } from "../../shared/turn.ts";
import type { Turn } from "../../shared/turn.ts";

const toldBy = (turn: Turn): PlacedItem[] => (isVisible(turn) ? placedItems(turn) : []);

const placeOf = ({ id }: PlacedItem): ItemPlace => parseItemId(id) as ItemPlace;

/** A page of the items of the session with this key. */
export function pageItems(read: TurnReader, key: number, query: PageQuery): Page<PlacedItem> {
  return readPage<PlacedItem, ItemPlace>(query, {
    cursorOf: (id) => {
      const place = parseItemId(id);
      return place && keyOf(place.turn) === key ? place : null;
    },
    walk: (order, after, count) =>
      walkTurns(read, order, after?.turn ?? null, count, (turn) =>
        after?.turn === turn.id
          ? toldBy(turn).filter((each) =>
              order === "asc" ? placeOf(each).n > after.n : placeOf(each).n < after.n,
            )
          : toldBy(turn),
      ),
    placeOf,
    sizeOf: ({ item }) => 2 * JSON.stringify(item).length,
  });
}

/** The item of the session with this key, and its turn; null: it has none with this id. */
export function findItem(
  read: TurnReader,
  key: number,
  id: string,
): { turn: Turn; placed: PlacedItem } | null {
  const place = parseItemId(id);
  if (!place || keyOf(place.turn) !== key) return null;
  const [turn] = read("asc", place.turn, 1);
  if (turn?.id !== place.turn) return null;
  const placed = placedItems(turn).find((each) => each.id === id);
  return placed ? { turn, placed } : null;
}

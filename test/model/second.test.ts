import { afterAll, beforeAll, inject } from "vitest";

import { VOLUME_BOUNDS } from "../../src/account/store/turns/search-volumes.ts";
import { testHistories } from "./histories.ts";

// Its accounts have many volumes of their search index, where those of the first have one.
const { words } = VOLUME_BOUNDS;
beforeAll(() => {
  VOLUME_BOUNDS.words = 100;
});
// Other files run in the same isolate after it.
afterAll(() => {
  VOLUME_BOUNDS.words = words;
});

// In a file of its own: with two workers, files run side by side.
testHistories(inject("model").seeds[1]);

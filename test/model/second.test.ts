import { inject } from "vitest";

import { testHistories } from "./histories.ts";

// In a file of its own: with two workers, files run side by side.
testHistories(inject("model").seeds[1]);

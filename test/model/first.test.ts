import { inject } from "vitest";

import { testHistories } from "./histories.ts";

testHistories(inject("model").seeds[0]);

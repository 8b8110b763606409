import { setClockOffset } from "./clock.ts";
import { clockOffsetMs } from "./clock-setting.ts";

// Set up in each process that runs tests in Node, and in the commands that they start (`node --import`).
setClockOffset(clockOffsetMs);

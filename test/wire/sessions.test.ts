import { tryAll } from "./wire.ts";

tryAll("Sessions");

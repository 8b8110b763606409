import { tryAll } from "./wire.ts";

tryAll("Calls");

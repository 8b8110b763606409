import { tryAll } from "./wire.ts";

tryAll("Keeping");

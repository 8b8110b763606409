import { tryAll } from "./wire.ts";

tryAll("Asking");

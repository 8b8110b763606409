import { tryAll } from "./wire.ts";

tryAll("Operating");

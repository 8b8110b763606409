import type { Program } from "../programs/program.ts";
import type { Mapping } from "./mapping.ts";

/** The table with the messages: one that a mapping describes, or one of LangChain's. */
export type TableLayout = { mapping: Mapping } | { langchain: string };
/** Or the tables of a program that is known. */
export type Layout = TableLayout | { program: Program };

import type { Database } from "../sql/database.ts";
import { langgraph } from "./langgraph.ts";
import { mastra } from "./mastra.ts";
import { opencode } from "./opencode.ts";
import { openWebUiCurrent, openWebUiRows, openWebUiTree } from "./open-webui.ts";
import type { Program } from "./program.ts";

const PROGRAMS: readonly Program[] = [
  langgraph,
  mastra,
  openWebUiCurrent,
  openWebUiRows,
  openWebUiTree,
  opencode,
];

/** The program whose tables a database has. @throws Error where it has none's */
export async function programIn(database: Database): Promise<Program> {
  for (const program of PROGRAMS) {
    let isThere = true;
    for (const names of program.tables) isThere &&= await hasOne(database, names.split("|"));
    if (isThere) return program;
  }
  const known = [...new Set(PROGRAMS.map(({ name }) => name))].join(", ");
  throw new Error(
    `${database.name} has the tables of no program that is known (${known}) there: say --mapping <file>, or --langchain <table>.`,
  );
}

async function hasOne(database: Database, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    const [table = "", column] = name.split("#");
    const columns = await database.columns(table);
    if (columns && (column === undefined || columns.has(column))) return true;
  }
  return false;
}

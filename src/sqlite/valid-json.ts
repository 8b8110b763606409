/** In SQL: the column's JSON, or null where it holds none. SQLite would fail the whole statement for one such row. */
export const validJson = (column: string): string =>
  `case when json_valid(${column}) then ${column} end`;

import { expect, it } from "vitest";

import { compactSql } from "../../migrations/compact-sql.ts";

it.each([
  [
    "create table t (\n  a  text, -- one, (two)\n  b text -- last\n)",
    "create table t (a text,\nb text)",
  ],
  ["select a/* one\n * two */from t -- end", "select a from t"],
  ["select a--b\n-c", "select a -c"],
  ["select a - -b", "select a - -b"],
  ["values ( 'a  -- b\n /* c', 1 )", "values ('a  -- b\n /* c', 1)"],
  ["values ('it''s -- one',  'and ''' )", "values ('it''s -- one', 'and ''')"],
  [
    `select "a  -- b", \`c  /* d\`, [e  -- f]  from t`,
    `select "a  -- b", \`c  /* d\`, [e  -- f] from t`,
  ],
  ["begin\n  delete from t;\n  delete from u ;\nend", "begin delete from t;\ndelete from u;\nend"],
  ["create index i\n  on t (a)", "create index i on t (a)"],
  ["insert into t values (') ');\n", "insert into t values (') ');"],
])("%j loses comments and white space alone", (sql, compact) => {
  expect(compactSql(sql)).toBe(compact);
  expect(compactSql(compact)).toBe(compact);
});

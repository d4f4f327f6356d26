import { alterDatabase } from "./alter-database.ts";
import { alterPluggableDatabase } from "./alter-pluggable-database.ts";
import { alterSession } from "./alter-session.ts";
import { alterSystem } from "./alter-system.ts";
import { alterTablespace } from "./alter-tablespace.ts";
import type { Statement } from "./statement.ts";

/** Every family of statements that is neither a query nor DML nor PL/SQL. */
export const statements: readonly Statement[] = [
  alterTablespace,
  alterPluggableDatabase,
  alterDatabase,
  alterSystem,
  alterSession,
];

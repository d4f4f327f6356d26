import { alterDatabase } from "./alter-database.ts";
import { alterPluggableDatabase } from "./alter-pluggable-database.ts";
import { alterSession } from "./alter-session.ts";
import { alterSystem } from "./alter-system.ts";
import { alterTablespace } from "./alter-tablespace.ts";
import { createControlfile } from "./create-controlfile.ts";
import { parameterFileStatements } from "./create-pfile.ts";
import { pluggableDatabaseStatements } from "./pluggable-databases.ts";
import type { Statement } from "./statement.ts";
import { tableStatements } from "./tables.ts";
import { tablespaceStatements } from "./tablespaces.ts";
import { userStatements } from "./users.ts";

/** Every family of statements that is neither a query nor DML nor PL/SQL. */
export const statements: readonly Statement[] = [
  alterTablespace,
  alterPluggableDatabase,
  alterDatabase,
  alterSystem,
  alterSession,
  createControlfile,
  ...parameterFileStatements,
  ...pluggableDatabaseStatements,
  ...tableStatements,
  ...tablespaceStatements,
  ...userStatements,
];

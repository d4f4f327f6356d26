import { traceControlfileSql } from "../../plan/sql-text.ts";
import type { Handler } from "../step-context.ts";
import { writtenFile } from "../written-file.ts";

export const traceControlfile: Handler<"trace-controlfile"> = async ({ path }, context) => {
  await context.sessions.root((db) => db.execute(traceControlfileSql(path), context.statement));
  const file = await writtenFile(path, context);
  context.results.files.set("controlfileScript", file);
  return { bytes: file.bytes, sha256: file.sha256 };
};

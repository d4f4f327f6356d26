import { createPfileSql } from "../../plan/sql-text.ts";
import type { Handler } from "../step-context.ts";
import { writtenFile } from "../written-file.ts";

export const saveParameters: Handler<"save-parameters"> = async ({ path, from }, context) => {
  await context.sessions.root((db) => db.execute(createPfileSql(path, from), context.statement));
  const file = await writtenFile(path, context);
  context.results.files.set("parameterText", file);
  return { bytes: file.bytes, sha256: file.sha256 };
};

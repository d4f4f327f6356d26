import { UmbraError } from "../../errors/umbra-error.ts";
import { backupControlfileSql } from "../../plan/sql-text.ts";
import { controlfileProblem } from "../controlfile-problem.ts";
import type { Handler } from "../step-context.ts";
import { writtenFile } from "../written-file.ts";

/** After the last END BACKUP and the log switch (rule 48); on our own file name only (rule 49). */
export const backupControlfile: Handler<"backup-controlfile"> = async ({ path }, context) => {
  const { sessions, statement, world, hosts, plan, results } = context;
  await sessions.root((db) => db.execute(backupControlfileSql(path), statement));
  const expected = { kind: "backup", dbid: plan.facts.identity.dbid } as const;
  const problem = await controlfileProblem(world.backupHost, path, expected, hosts);
  if (problem !== undefined) throw new UmbraError("UMB-9007", { path, problem });
  const file = await writtenFile(path, context);
  results.files.set("controlfile", file);
  return { bytes: file.bytes, sha256: file.sha256 };
};

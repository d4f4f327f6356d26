import type { FilePath } from "../../domain/names.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { readControlFileHeader } from "../../formats/control-file-header.ts";
import { backupControlfileSql } from "../../plan/sql-text.ts";
import type { HostOptions } from "../../ports/host.ts";
import type { Handler } from "../step-context.ts";
import { writtenFile } from "../written-file.ts";
import type { World } from "../world.ts";

/** Two of the largest blocks that Oracle has. */
const HEAD_BYTES = 65_536;

/** After the last END BACKUP and the log switch (rule 48); on our own file name only (rule 49). */
export const backupControlfile: Handler<"backup-controlfile"> = async ({ path }, context) => {
  const { sessions, statement, world, hosts, plan, results } = context;
  await sessions.root((db) => db.execute(backupControlfileSql(path), statement));
  const problem = await controlfileProblem(world, path, plan.facts.identity.dbid, hosts);
  if (problem !== undefined) throw new UmbraError("UMB-9007", { path, problem });
  const file = await writtenFile(path, context);
  results.files.set("controlfile", file);
  return { bytes: file.bytes, sha256: file.sha256 };
};

/** Why the file is no backup control file of this database; undefined where it is one. */
export async function controlfileProblem(
  { backupHost }: Pick<World, "backupHost">,
  path: FilePath,
  dbid: string,
  options: HostOptions,
): Promise<string | undefined> {
  if ((await backupHost.stat(path, options)) === undefined) return "it is not there";
  const head = await backupHost.read(path, { offset: 0, length: HEAD_BYTES }, options);
  const parsed = readControlFileHeader(head);
  if (!parsed.ok) return parsed.reason;
  if (!parsed.value.backup) return "it is a copy of a live control file";
  return parsed.value.dbid === dbid ? undefined : `its DBID is ${parsed.value.dbid}, not ${dbid}`;
}

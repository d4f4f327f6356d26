import type { FilePath } from "../domain/names.ts";
import { readControlFileHeader } from "../formats/control-file-header.ts";
import type { Host, HostOptions } from "../ports/host.ts";

/** Two of the largest blocks that Oracle has. */
const HEAD_BYTES = 65_536;

/**
 * `backup`: made by BACKUP CONTROLFILE, the only copy of use of an open database. `closed`: one of a database that was
 * shut down cleanly.
 */
export type ControlfileKind = "backup" | "closed";

/** Why the file is no control file of this kind and this database; undefined where it is one. */
export async function controlfileProblem(
  host: Host,
  path: FilePath,
  expected: { readonly kind: ControlfileKind; readonly dbid: string },
  options: HostOptions,
): Promise<string | undefined> {
  if ((await host.stat(path, options)) === undefined) return "it is not there";
  const head = await host.read(path, { offset: 0, length: HEAD_BYTES }, options);
  const parsed = readControlFileHeader(head);
  if (!parsed.ok) return parsed.reason;
  const { backup, dbid } = parsed.value;
  if (backup && expected.kind === "closed") return "it is one that BACKUP CONTROLFILE made";
  if (!backup && expected.kind === "backup") return "it is a copy of a live control file";
  return dbid === expected.dbid ? undefined : `its DBID is ${dbid}, not ${expected.dbid}`;
}

import type { ControlFile, TablespaceRecord } from "../../instance/control-file.ts";
import type { ViewWorld } from "../dictionary/view.ts";
import { fail } from "../errors.ts";

/** The control file of a mounted database. ORA-01507 before. */
export function mounted(world: ViewWorld): ControlFile {
  const file = world.core.instance.controlFile;
  if (file === undefined) throw fail(1507);
  return file;
}

export function tablespaceOf(
  file: ControlFile,
  record: { readonly conId: number; readonly ts: number },
): TablespaceRecord | undefined {
  return file.tablespaces.find(
    (tablespace) => tablespace.conId === record.conId && tablespace.ts === record.ts,
  );
}

import { join } from "node:path";

import type { TablespaceSpec } from "../../simulator/instance/api.ts";
import type { DatafileRecord } from "../../simulator/instance/control-file.ts";
import type { Chance } from "../../simulator/workload/chance.ts";
import type { SimulatedWorld } from "../rigs/simulated-world.ts";

/** One change to the files of a running database: one comes, goes, grows, shrinks, moves, or is not written any more. */
export async function changeStructure(rig: SimulatedWorld, chance: Chance): Promise<void> {
  const { instance, directory } = rig;
  const conId = instance.controlFile?.cdb === true ? 3 : 0;
  const extra = filesOf(rig).filter((file) => nameOf(rig, file)?.startsWith("EXTRA") === true);
  const one = extra.length === 0 ? undefined : chance.pick(extra);
  const tablespace = one === undefined ? undefined : nameOf(rig, one);
  const unique = String(chance.between(0, 1_000_000_000));
  if (one === undefined || tablespace === undefined || chance.between(0, 3) === 0) {
    await instance.createTablespace(
      conId,
      spec(`EXTRA${unique}`, join(directory, "prod", `extra${unique}.dbf`)),
    );
    return;
  }
  const writable = one.status === "ONLINE" && one.enabled === "READ WRITE";
  const changes = [
    () => instance.dropTablespace(conId, tablespace, true, chance.between(0, 1) === 0),
    () => instance.setTablespace(conId, tablespace, writable ? "READ ONLY" : "READ WRITE"),
    () => instance.checkpoint(),
    ...(writable
      ? [
          () => instance.resizeFile({ number: one.file }, 262_144 + 65_536 * chance.between(1, 6)),
          () => instance.moveDatafile({ number: one.file }, join(directory, "prod", `moved${unique}.dbf`)),
          () => {
            const path = join(directory, "prod", `added${unique}.dbf`);
            return instance.addFile(conId, tablespace, fileSpec(path), "DATAFILE");
          },
        ]
      : []),
  ];
  await chance.pick(changes)();
}

function filesOf({ instance }: SimulatedWorld): readonly DatafileRecord[] {
  return instance.controlFile?.datafiles ?? [];
}

function nameOf({ instance }: SimulatedWorld, file: DatafileRecord): string | undefined {
  return instance.controlFile?.tablespaces.find((one) => one.conId === file.conId && one.ts === file.ts)
    ?.name;
}

function spec(name: string, path: string): TablespaceSpec {
  return { name, contents: "PERMANENT", bigfile: false, blockSize: 8192, files: [fileSpec(path)] };
}

function fileSpec(path: string) {
  return { path, bytes: 262_144, reuse: false, autoextend: null };
}

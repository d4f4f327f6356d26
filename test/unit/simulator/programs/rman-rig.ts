import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { DatafileRecord } from "../../../../simulator/instance/control-file.ts";
import type { DatafileCopyRecord } from "../../../../simulator/instance/rman/records.ts";
import { rman } from "../../../../simulator/programs/rman/rman.ts";
import { type ProgramRig, programRig } from "./program-rig.ts";

export interface RmanRig extends ProgramRig {
  /** Where copies and pieces go. */
  readonly area: string;
  script(text: string, how?: ScriptHow): Promise<{ code: number; output: string }>;
  /** One more row in USERS, committed. */
  addRow(): Promise<void>;
  readonly rows: number[];
  file(tablespace: string): DatafileRecord;
  /** What v$datafile_copy calls available. */
  copies(tag?: string): DatafileCopyRecord[];
}

interface ScriptHow {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export const INCREMENTAL = "backup incremental level 1 for recover of copy with tag 'UMBRA' database";

/** An open database with a table in USERS, and an RMAN that runs in this process. */
export async function rmanRig(options: Parameters<typeof programRig>[0] = {}): Promise<RmanRig> {
  const rig = await programRig(options);
  const { instance } = rig;
  const files = () => instance.controlFile?.datafiles ?? [];
  const area = join(dirname(dirname(files()[0]?.path ?? "")), "area");
  mkdirSync(area);
  const columns = [{ name: "ID", type: "NUMBER", nullable: false }];
  const { objectId } = await instance.createTable(0, {
    owner: "APP",
    name: "T",
    tablespace: "USERS",
    columns,
  });
  let rows = 0;
  const cmdfile = join(area, "..", "script.rman");
  return {
    ...rig,
    area,
    script: async (text, { argv = [], env = {} } = {}) => {
      writeFileSync(cmdfile, text);
      return rig.run(rman, ["target", "/", "cmdfile", cmdfile, ...argv], { env });
    },
    addRow: async () => {
      rows += 1;
      const transaction = instance.begin(0);
      await transaction.insert(objectId, [rows]);
      await transaction.commit();
    },
    get rows() {
      return Array.from(instance.readRows(0, objectId), ({ values }) => Number(values[0]));
    },
    file: (tablespace) => {
      const ts = instance.controlFile?.tablespaces.find(({ name }) => name === tablespace)?.ts;
      const found = files().find((file) => file.ts === ts);
      if (found === undefined) throw new Error(`no file of ${tablespace}`);
      return found;
    },
    copies: (tag = "UMBRA") =>
      (instance.controlFile?.rman?.copies ?? []).filter((copy) => copy.status === "A" && copy.tag === tag),
    [Symbol.asyncDispose]: async () => {
      await rig[Symbol.asyncDispose]();
      rmSync(cmdfile, { force: true });
    },
  };
}

/** A refresh as umbra asks for it; `area` holds copies and pieces. */
export const refreshOf = (area: string): string => `
run {
  allocate channel c1 device type disk format '${area}/%U';
  ${INCREMENTAL};
  recover copy of database with tag 'UMBRA';
}
exit
`;

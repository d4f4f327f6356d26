import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { inProcessConnector } from "../../../simulator/doors/in-process.ts";
import { systemClock } from "../../../src/adapters/clock.ts";
import { createLocalHost } from "../../../src/adapters/host/local-host.ts";
import { createRman } from "../../../src/adapters/rman/rman.ts";
import { readLevelOnes, readRmanCopies } from "../../../src/discover/rman-copies.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import type { RmanCopy, RmanLevelOne, RmanRun } from "../../../src/domain/rman.ts";
import type { RmanImageCopy } from "../../../src/plan/rman-script.ts";
import type { Database } from "../../../src/ports/database.ts";
import type { Host } from "../../../src/ports/host.ts";
import type { Rman } from "../../../src/ports/rman.ts";
import { type InstanceRig, instanceRig } from "../instance/rig.ts";

const TAG = "UMBRA_ORCL";
/** Nothing takes that long, also where many tests run at once. */
export const call = { deadlineMs: 30_000 };

/** A database behind the programs of its ORACLE_HOME, umbra's RMAN port over them, and an area for copies. */
export interface RmanRig extends AsyncDisposable {
  readonly rman: Rman;
  readonly home: InstanceRig;
  readonly run: RmanRun;
  readonly area: FilePath;
  readonly images: readonly RmanImageCopy[];
  readonly files: readonly number[];
  rmanOver(host: Pick<Host, "run" | "remove">): Rman;
  copies(): Promise<RmanCopy[]>;
  levelOnes(): Promise<RmanLevelOne[]>;
  addRow(): Promise<void>;
}

const columns = [{ name: "ID", type: "NUMBER", nullable: false }];

export async function rmanRig(run: Partial<RmanRun> = {}): Promise<RmanRig> {
  const home = await instanceRig("sqlplus");
  const { instance, engine, oracleHome, base } = home;
  const area = join(dirname(base), "it is 100% an area") as FilePath;
  for (const name of ["data", "pieces", "control"]) mkdirSync(join(area, name), { recursive: true });
  const table = await instance.createTable(0, { owner: "APP", name: "T", tablespace: "USERS", columns });
  const datafiles = instance.controlFile?.datafiles ?? [];
  const connector = inProcessConnector({ engine, user: "sys", password: "oracle", privilege: "SYSBACKUP" });
  const asked = async <T>(question: (db: Database) => Promise<T>): Promise<T> => {
    await using db = await connector.connect(call);
    return await question(db);
  };
  const rmanOver = (host: Pick<Host, "run" | "remove">) =>
    createRman({ host, clock: systemClock, oracleHome, sid: "ORCL" });
  let rows = 0;
  return {
    home,
    area,
    rmanOver,
    rman: rmanOver(createLocalHost({ copier: noCopier })),
    run: {
      tag: TAG,
      channels: 1,
      pieces: join(area, "pieces") as FilePath,
      strays: join(area, "control") as FilePath,
      ...run,
    },
    images: datafiles.map(({ file }) => ({
      file,
      target: join(area, "data", `file ${file}.dbf`) as FilePath,
    })),
    files: datafiles.map(({ file }) => file),
    copies: () => asked((db) => readRmanCopies(db, TAG, call)),
    levelOnes: () => asked((db) => readLevelOnes(db, TAG, call)),
    addRow: async () => {
      rows += 1;
      const transaction = instance.begin(0);
      await transaction.insert(table.objectId, [rows]);
      await transaction.commit();
    },
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

const noCopier = {
  copy: () => Promise.reject(new Error("nothing is copied here")),
  verify: () => Promise.reject(new Error("nothing is verified here")),
};

import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";

import type { ProgramCall } from "../../../simulator/doors/in-process-programs.ts";
import type { baseline } from "../../../src/run/backup-refresh.ts";
import {
  simulatedWorld,
  type SimulatedWorld,
  type SimulatedWorldOptions,
} from "../../rigs/simulated-world.ts";

export interface RmanWorld extends SimulatedWorld {
  readonly table: number;
  /** Writes nonsense into a block of USERS that nobody has in memory. */
  damageUsers(): void;
}

/** A world whose copies are brought forward by RMAN, with a table in USERS. */
export async function rmanWorld(options: SimulatedWorldOptions = {}): Promise<RmanWorld> {
  const database = { totalBytes: 3_000_000, ...options.database };
  const config = { ...options.config, refresh: { engine: "rman", ...options.config?.refresh } as const };
  const world = await simulatedWorld({ ...options, database, config });
  const columns = [{ name: "ID", type: "NUMBER", nullable: false }];
  const { objectId } = await world.instance.createTable(0, {
    owner: "APP",
    name: "T",
    tablespace: "USERS",
    columns,
  });
  return {
    ...world,
    table: objectId,
    damageUsers: () => {
      const control = world.instance.controlFile;
      const users = control?.tablespaces.find(({ name }) => name === "USERS");
      const file = control?.datafiles.find(({ ts }) => ts === users?.ts);
      const fd = openSync(file?.path ?? "", "r+");
      writeSync(fd, "nonsense", ((file?.blocks ?? 0) - 1) * (file?.blockSize ?? 0) + 100);
      closeSync(fd);
    },
  };
}

export const live = ({ world }: SimulatedWorld): string => join(world.database.backupArea, "live");

export async function made(run: ReturnType<typeof baseline>) {
  const outcome = await run;
  if (!outcome.ok) throw new Error(outcome.refusals.map((one) => one.seen).join("; "));
  return outcome.backup;
}

export async function addRow({ instance, table }: RmanWorld): Promise<void> {
  const transaction = instance.begin(0);
  await transaction.insert(table, [1]);
  await transaction.commit();
}

/** What the client was given. */
export function script({ argv }: ProgramCall): string {
  return readFileSync(argv[argv.indexOf("cmdfile") + 1] ?? "", "utf8");
}

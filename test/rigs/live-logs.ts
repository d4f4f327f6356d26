import { readdirSync } from "node:fs";
import { join } from "node:path";

import { setUpLogs } from "../../src/run/logs-setup.ts";
import { type SimulatedWorld, simulatedWorld, type SimulatedWorldOptions } from "./simulated-world.ts";

export type ArchiveFault = "hang" | { readonly code: number; readonly text: string } | undefined;

export interface LiveLogs extends AsyncDisposable {
  readonly rig: SimulatedWorld;
  readonly world: SimulatedWorld["world"];
  /** umbra's destination. */
  readonly directory: string;
  /** Where the database archived before. */
  readonly other: string;
  /** What goes wrong at a destination, by its number; umbra's is 10. */
  readonly faults: Map<number, ArchiveFault>;
  /** Names in umbra's destination, without hidden ones. */
  readonly names: () => readonly string[];
  /** So many logs of all threads are switched and archived. */
  readonly switched: (times?: number) => Promise<void>;
}

/** A simulated database whose logs come into umbra's live area too. */
export async function liveLogs(options: SimulatedWorldOptions = {}): Promise<LiveLogs> {
  const faults = new Map<number, ArchiveFault>();
  const rig = await simulatedWorld({
    ...options,
    database: {
      logBytes: 262_144,
      ...options.database,
      faults: { archiveFault: ({ id }) => faults.get(id) },
    },
  });
  const made = await setUpLogs(rig.world);
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  const directory = join(rig.world.database.backupArea, "live", "logs");
  return {
    rig,
    world: rig.world,
    directory,
    other: join(rig.directory, "prod", "arch"),
    faults,
    names: () => readdirSync(directory).filter((name) => !name.startsWith(".")),
    switched: async (times = 1) => {
      const call = { deadlineMs: 10_000 };
      await using db = await rig.world.connector.connect(call);
      for (let left = times; left > 0; left -= 1) await db.execute("alter system archive log current", call);
    },
    [Symbol.asyncDispose]: async () => {
      faults.clear();
      await rig[Symbol.asyncDispose]();
    },
  };
}

import { join } from "node:path";
import { expect, test } from "vitest";
import type { OpenInstance } from "../../../../simulator/instance/open-instance.ts";
import { startDatabase } from "../../../../simulator/instance/start-database.ts";
import { copySlowly, disposableFolder, mountRestored, seeded } from "./rig.ts";
import { RememberedTable, rowsOf } from "./workload.ts";

const columns = [{ name: "ID", type: "NUMBER", nullable: false }];

interface Run {
  readonly instance: OpenInstance;
  readonly table: { readonly objectId: number };
  readonly remembered: RememberedTable;
  readonly copies: Map<string, string>;
  readonly controlfile: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** A workload, a backup while it runs (inside backup mode or not), all logs archived, a control file backup. */
async function backUp(base: string, seed: number, inBackupMode: boolean): Promise<Run> {
  const random = seeded(seed);
  const instance = await startDatabase({
    base: join(base, "prod"),
    name: "ORCL",
    now: () => new Date(),
    seed: String(seed),
    totalBytes: 3_000_000,
    logBytes: 262_144,
    idle: () => new Promise((resolve) => setImmediate(resolve)),
  });
  const table = await instance.createTable(0, { owner: "APP", name: "T", tablespace: "USERS", columns });
  const remembered = new RememberedTable(instance, { conId: 0, objectId: table.objectId }, random);
  for (let i = 0; i < 20; i += 1) await remembered.step();
  await instance.archiveLogCurrent();
  // Redo from before the copy would mend blocks that the redo from then on cannot.
  await instance.checkpoint();
  const copies = new Map<string, string>();
  for (const file of instance.controlFile?.datafiles ?? []) {
    const name = instance.controlFile?.tablespaces.find((ts) => ts.ts === file.ts)?.name ?? "";
    const scope = { level: "tablespace", conId: 0, name } as const;
    if (inBackupMode) await instance.beginBackup(scope);
    const copy = join(base, "copy", `${file.file}.dbf`);
    await copySlowly(file.path, copy, async () => {
      if (random() < 0.25) await remembered.step();
      // The writer gets none, one or two turns: in step with it the copy would never meet half a block.
      for (let turns = Math.trunc(random() * 3); turns > 0; turns -= 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    if (inBackupMode) await instance.endBackup(scope);
    copies.set(file.path, copy);
  }
  for (let i = 0; i < 12; i += 1) await remembered.step();
  const controlfile = join(base, "copy", "control.bkp");
  await instance.archiveLogCurrent();
  await instance.backupControlfile(controlfile, false);
  return { instance, table, remembered, copies, controlfile, parameters: new Map(instance.parameters) };
}

async function restoreUntil(
  base: string,
  run: Run,
  until: { scn: bigint } | "CANCEL",
): Promise<OpenInstance> {
  const restored = await mountRestored({
    parameters: run.parameters,
    base: join(base, "restored"),
    controlfile: run.controlfile,
    copies: run.copies,
    logs: join(base, "prod", "arch"),
  });
  await restored.recover({ scope: { level: "database" }, until, usingBackupControlfile: true });
  return restored;
}

test.each(Array.from({ length: 12 }, (_, seed) => seed))(
  "seed %i: a hot backup recovers to exactly what was committed",
  async (seed) => {
    using folder = disposableFolder();
    const run = await backUp(folder.path, seed, true);
    const { remembered } = run;
    await run.instance.shutdown("ABORT");
    const scn = (remembered.commits.at(-1 - (seed % 4))?.scn ?? 0n) + BigInt(seed % 2);
    const restored = await restoreUntil(folder.path, run, { scn });
    await restored.open(seed % 3 === 0 ? "READ ONLY" : "RESETLOGS");
    const rows = rowsOf(restored, 0, run.table.objectId);
    await restored.shutdown("ABORT");
    expect(rows).toEqual(remembered.before(scn));
  },
);

test("a copy taken outside backup mode under load is damaged on some seed, and says so", async () => {
  const verdicts: string[] = [];
  for (let seed = 0; seed < 12 && !verdicts.includes("ORA-01578"); seed += 1) {
    using folder = disposableFolder();
    const run = await backUp(folder.path, seed, false);
    await run.instance.shutdown("ABORT");
    try {
      const restored = await restoreUntil(folder.path, run, "CANCEL");
      await restored.open("RESETLOGS");
      verdicts.push(rowsOf(restored, 0, run.table.objectId).size >= 0 ? "read" : "");
      await restored.shutdown("ABORT");
    } catch (error) {
      verdicts.push(/ORA-\d+/u.exec(String(error))?.[0] ?? String(error));
    }
  }
  expect(verdicts.join()).toContain("ORA-01578");
});

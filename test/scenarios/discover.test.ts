import { describe, expect, test } from "vitest";

import { checkDatabase } from "../../src/discover/check.ts";
import { discover } from "../../src/discover/discover.ts";
import { simulatedWorld } from "../rigs/simulated-world.ts";

const cells = [
  { profile: "12.2", cdb: false },
  { profile: "12.2", cdb: true },
  { profile: "19c", cdb: false },
  { profile: "19c", cdb: true },
  { profile: "23ai", cdb: true },
] as const;

describe.each(cells)("a $profile database, CDB $cdb", ({ profile, cdb }) => {
  test("discovery reads every file with its container, tablespace and header", async () => {
    await using rig = await simulatedWorld({ database: { profile, cdb, pdbs: cdb ? ["PDB1"] : [] } });
    const facts = await discover(rig.world);
    const files = rig.instance.controlFile?.datafiles ?? [];
    expect(facts.datafiles.map((file) => [file.file, file.path])).toEqual(
      files.map((file) => [file.file, file.path]),
    );
    expect(facts.identity.cdb).toBe(cdb);
    expect(facts.containers.map((container) => container.name)).toEqual(
      cdb ? ["CDB$ROOT", "PDB$SEED", "PDB1"] : ["CDB$ROOT"],
    );
    expect(facts.datafiles.every((file) => file.header !== undefined && !file.backup.active)).toBe(true);
    expect(facts.tempfiles.length).toBe(rig.instance.controlFile?.tempfiles.length);
  });

  test("the check finds nothing that stops a backup", async () => {
    await using rig = await simulatedWorld({ database: { profile, cdb, pdbs: cdb ? ["PDB1"] : [] } });
    const report = await checkDatabase(rig.world);
    expect(report.items.filter((item) => !item.ok && item.severity === "error")).toEqual([]);
    expect(report.items.map((item) => item.name)).toContain("log round trip");
  });
});

test("a mounted database is read as far as it can be", async () => {
  await using rig = await simulatedWorld();
  await rig.engine.shutdown("IMMEDIATE");
  await rig.instance.startup({ to: "MOUNT" });
  const facts = await discover(rig.world);
  expect(facts.identity.openMode).toBe("MOUNTED");
  expect(facts.datafiles.every((file) => file.header?.fuzzy === false)).toBe(true);
});

import { expect, test } from "vitest";

import { describePlan } from "../../../src/plan/describe-step.ts";
import { planHot } from "../../../src/run/backup-hot.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

test("a plan shows every statement in its container, ends what it begins, and writes the manifest last", async () => {
  await using rig = await simulatedWorld({ database: { cdb: true, pdbs: ["SALES"] } });
  const planned = await planHot(rig.world, { parallel: 2 });
  if (!planned.ok) throw new Error(JSON.stringify(planned.refusals));
  const lines = describePlan(planned.plan);
  const statements = lines.flatMap((line) => line.sql.map((sql) => `${line.container}: ${sql}`));
  const begun = statements.filter((text) => text.endsWith("begin backup"));
  expect(begun).toContain('SALES: alter tablespace "USERS" begin backup');
  for (const begin of begun) {
    const end = begin.replace("begin backup", "end backup");
    expect(statements.indexOf(end)).toBe(statements.indexOf(begin) + 1);
  }
  expect(statements.slice(-4).map((text) => text.replace(/'.*'/, "…"))).toEqual([
    "CDB$ROOT: alter system archive log current",
    "CDB$ROOT: alter database backup controlfile to … reuse",
    "CDB$ROOT: alter database backup controlfile to trace as … reuse",
    "CDB$ROOT: create pfile=… from spfile",
  ]);
  expect(lines.at(-1)?.target).toBe(planned.plan.layout.manifest);
  expect(new Set(lines.map((line) => line.id)).size).toBe(lines.length);
});

test("the largest tablespace is in backup mode last", async () => {
  await using rig = await simulatedWorld();
  const planned = await planHot(rig.world);
  if (!planned.ok) throw new Error(JSON.stringify(planned.refusals));
  const { steps, facts } = planned.plan;
  const sizes = steps.flatMap((step) =>
    step.kind === "begin-backup"
      ? [
          step.files.reduce(
            (sum, one) => sum + (facts.datafiles.find((f) => f.file === one.file)?.bytes ?? 0),
            0,
          ),
        ]
      : [],
  );
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
});

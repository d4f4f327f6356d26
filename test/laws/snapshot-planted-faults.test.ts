import { chmodSync, copyFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { pathInView, type StorageAdapter } from "../../storage-adapters/contract.ts";
import type { SnapshotManifest } from "../../src/domain/manifest.ts";
import type { SnapshotBackupPlan } from "../../src/domain/plan.ts";
import type { Step, StepKind } from "../../src/domain/step.ts";
import { snapshotAgainstCommitted, type SnapshotLaw } from "./snapshot-backup-law.ts";

/** Why the backup was not made, or what its restore differs in. */
async function caught(law: SnapshotLaw): Promise<string> {
  try {
    const { differences } = await snapshotAgainstCommitted(3, law);
    return differences.length === 0 ? "nothing" : JSON.stringify(differences[0]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The plan with its snapshots at another place. */
const snapshotsBeside =
  (kind: StepKind, where: "before" | "after") =>
  (plan: SnapshotBackupPlan): SnapshotBackupPlan => {
    const isTaking = (step: Step) => step.kind === "snapshot-volumes";
    const taking = plan.steps.filter(isTaking);
    const rest = plan.steps.filter((step) => !isTaking(step));
    const at = rest.findIndex((step) => step.kind === kind) + (where === "after" ? 1 : 0);
    return { ...plan, steps: [...rest.slice(0, at), ...taking, ...rest.slice(at)] };
  };

const without =
  (...kinds: readonly StepKind[]) =>
  (plan: SnapshotBackupPlan): SnapshotBackupPlan => ({
    ...plan,
    steps: plan.steps.filter(({ kind }) => !kinds.includes(kind)),
  });

const OUTSIDE = /does not say that it is in backup mode|checkpoint SCN is/;

describe("a planner that is wrong is caught", () => {
  test("the law holds for the plan as it is", async () => {
    expect(await caught({})).toBe("nothing");
  });

  test("END BACKUP before the snapshots", async () => {
    expect(await caught({ plan: snapshotsBeside("end-backup", "after") })).toMatch(OUTSIDE);
  });

  test("the snapshots before BEGIN BACKUP", async () => {
    expect(await caught({ plan: snapshotsBeside("begin-backup", "before") })).toMatch(OUTSIDE);
  });

  test("no BEGIN BACKUP", async () => {
    expect(await caught({ plan: without("begin-backup", "end-backup") })).toMatch(/needs recovery/);
  });

  test("the last log not archived", async () => {
    expect(await caught({ plan: without("switch-logs", "wait-for-logs") })).toMatch(
      /ORA-00308|coverage denies SCN/,
    );
  });
});

describe("a storage that is wrong is caught", () => {
  test("one that takes its snapshots after it has answered", async () => {
    expect(await caught({ storage: oneOpened((storage) => takenLate(storage)) })).toMatch(OUTSIDE);
  });

  test("one whose snapshot holds a single file from outside of backup mode", async () => {
    const mixed = (storage: StorageAdapter): StorageAdapter => ({
      ...storage,
      showSnapshot: async (request, limits) => {
        const view = await storage.showSnapshot(request, limits);
        const [located] = await storage.locate(lastPaths.slice(0, 1), limits);
        if (located === undefined) return view;
        chmodSync(pathInView(view, located), 0o600);
        copyFileSync(located.path, pathInView(view, located));
        return view;
      },
      createSnapshot: async (request, limits) => {
        lastPaths = request.paths;
        await storage.createSnapshot(request, limits);
      },
    });
    expect(await caught({ storage: mixed })).toMatch(OUTSIDE);
  });
});

describe("without backup mode", () => {
  const timed = (law: SnapshotLaw): Promise<string> => caught({ ...law, snapshotTime: true });
  const atMoment =
    (change: (local: string) => string) =>
    (manifest: SnapshotManifest): SnapshotManifest => {
      const { snapshotTime } = manifest;
      if (snapshotTime === undefined) throw new Error("the manifest has no moment");
      return { ...manifest, snapshotTime: { ...snapshotTime, local: change(snapshotTime.local) } };
    };

  test("the law holds for the restore as it is", async () => {
    expect(await timed({ manifest: atMoment((local) => local) })).toBe("nothing");
  });

  test("a restore without SNAPSHOT TIME is caught", async () => {
    const forgetful = ({ snapshotTime: _moment, ...manifest }: SnapshotManifest) => manifest;
    expect(await timed({ manifest: forgetful })).toMatch(/ORA-01194/);
  });

  test("a moment before the files' checkpoint is refused", async () => {
    const early = atMoment((local) => local.replace(/^\d{4}/, "2001"));
    expect(await timed({ manifest: early })).toMatch(/ORA-19839[^]*ORA-01110/);
  });

  test("a moment that recovery does not reach is refused", async () => {
    const late = atMoment((local) => local.replace(/^\d{4}/, "2199"));
    expect(await timed({ manifest: late })).toMatch(/ORA-01194/);
  });

  test("a storage that takes its pictures after it has answered is caught", async () => {
    const storage = oneOpened((one, life) =>
      takenLate(one, async () => {
        for (let i = 0; i < 20; i += 1) await life();
      }),
    );
    expect(await timed({ storage })).not.toBe("nothing");
  });
});

let lastPaths: Parameters<StorageAdapter["locate"]>[0] = [];

/** The rig opens the storage for each call; what a fault keeps in mind must be the same each time. */
function oneOpened(change: NonNullable<SnapshotLaw["storage"]>): NonNullable<SnapshotLaw["storage"]> {
  let opened: StorageAdapter | undefined;
  return (storage, life) => (opened ??= change(storage, life));
}

/** It takes its snapshots when somebody looks for them; `before` each of them something may happen. */
function takenLate(storage: StorageAdapter, before?: () => Promise<void>): StorageAdapter {
  const owed: (() => Promise<void>)[] = [];
  return {
    ...storage,
    createSnapshot: async (request, limits) => {
      owed.push(() => storage.createSnapshot(request, limits));
    },
    findSnapshot: async (ref, limits) => {
      for (const take of owed.splice(0)) {
        await before?.();
        await take();
      }
      return await storage.findSnapshot(ref, limits);
    },
  };
}

import { chmodSync, copyFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { pathInView, type StorageAdapter } from "../../storage-adapters/contract.ts";
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
    expect(await caught({ plan: without("switch-logs", "wait-for-logs") })).toMatch(/ORA-00308/);
  });
});

describe("a storage that is wrong is caught", () => {
  test("one that takes its snapshots after it has answered", async () => {
    const late = (storage: StorageAdapter): StorageAdapter => {
      const owed: (() => Promise<void>)[] = [];
      return {
        ...storage,
        createSnapshot: async (request, limits) => {
          owed.push(() => storage.createSnapshot(request, limits));
        },
        findSnapshot: async (ref, limits) => {
          for (const take of owed.splice(0)) await take();
          return await storage.findSnapshot(ref, limits);
        },
      };
    };
    expect(await caught({ storage: oneOpened(late) })).toMatch(OUTSIDE);
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

let lastPaths: Parameters<StorageAdapter["locate"]>[0] = [];

/** The rig opens the storage for each call; what a fault keeps in mind must be the same each time. */
function oneOpened(change: (storage: StorageAdapter) => StorageAdapter) {
  let opened: StorageAdapter | undefined;
  return (storage: StorageAdapter) => (opened ??= change(storage));
}

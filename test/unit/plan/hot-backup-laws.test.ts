import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  integer,
  oneof,
  property,
  record,
  string,
  uniqueArray,
} from "fast-check";
import { expect, test } from "vitest";

import type { DatafileFacts, Facts } from "../../../src/domain/facts.ts";
import type { ContainerName, FilePath, RunId, TablespaceName } from "../../../src/domain/names.ts";
import type { HotBackupOptions, Plan } from "../../../src/domain/plan.ts";
import { scn } from "../../../src/domain/scn.ts";
import type { CopyDatafile, Step } from "../../../src/domain/step.ts";
import { describePlan, flatSteps } from "../../../src/plan/describe-step.ts";
import { planHotBackup } from "../../../src/plan/hot-backup.ts";
import { databaseConfig } from "../../rigs/database-config.ts";
import { planDatafile, planFacts } from "./plan-facts.ts";

const container = constantFrom("CDB$ROOT", "PDB$SEED", "SALES", "HR");
const tablespace = oneof(
  constantFrom("SYSTEM", "USERS", "a:b", "we 'ird \"ü\n"),
  string({ minLength: 1, maxLength: 30 }),
);
const anyPath = string({ unit: "binary", maxLength: 300 }).map((text) => `/${text}`);
const path = oneof(anyPath, anyPath, anyPath, constant("+DATA/x"), constant("relative"));

const datafile = record({
  file: integer({ min: 1, max: 65_000 }),
  container,
  tablespace,
  path,
  blocks: integer({ min: 1, max: 1_000_000 }),
  status: constantFrom("ONLINE", "ONLINE", "ONLINE", "SYSTEM", "OFFLINE", "RECOVER"),
  enabled: constantFrom("READ WRITE", "READ WRITE", "READ ONLY", "DISABLED"),
  fuzzy: boolean(),
}).map((one) =>
  planDatafile(one.file, {
    container: one.container as ContainerName,
    tablespace: one.tablespace as TablespaceName,
    path: one.path as FilePath,
    blocks: one.blocks,
    bytes: one.blocks * 8192,
    status: one.status,
    enabled: one.enabled,
    header: { fuzzy: one.fuzzy, checkpointScn: scn(100) },
  }),
);
const datafiles = uniqueArray(datafile, { minLength: 1, maxLength: 14, selector: (one) => one.file });
const options = record({
  mode: constantFrom<"per-tablespace" | "database">("per-tablespace", "database"),
  parallel: integer({ min: 1, max: 4 }),
});

function planned(files: readonly DatafileFacts[], wanted: HotBackupOptions, change: Partial<Facts> = {}) {
  const facts = planFacts({ datafiles: files, ...change });
  const config = databaseConfig({ directory: "/" });
  return planHotBackup({ facts, config, options: wanted, runId: "20261121T093300Z-hot-4f2a91" as RunId });
}

/** Only files that no rule refuses, so that there is a plan; the law about refusals sees all of them. */
function planOf(files: readonly DatafileFacts[], wanted: HotBackupOptions): Plan | undefined {
  const good = files.filter((file) => planned([file], wanted).ok);
  if (good.length === 0) return undefined;
  const result = planned(good, wanted);
  if (!result.ok) throw new Error(JSON.stringify(result.refusals));
  expect(result.plan.facts.datafiles).toEqual(good);
  return result.plan;
}

const law = (keeps: (plan: Plan) => void) =>
  assert(
    property(datafiles, options, (files, wanted) => {
      const plan = planOf(files, wanted);
      if (plan !== undefined) keeps(plan);
    }),
  );

const copies = (plan: Plan): readonly CopyDatafile[] =>
  flatSteps(plan.steps).filter((step) => step.kind === "copy-datafile");

/** A group in `plan.steps` counts as one place: what is in it is performed inside it. */
const placeOf = (plan: Plan, id: string): number =>
  plan.steps.findIndex(
    (step) => step.id === id || (step.kind === "in-parallel" && step.steps.some((one) => one.id === id)),
  );

test("every datafile is copied exactly once, or named with a reason", () => {
  law((plan) => {
    const copied = copies(plan).map((step) => step.file);
    expect(copied.toSorted((a, b) => a - b)).toEqual(
      plan.facts.datafiles.map((file) => file.file).toSorted((a, b) => a - b),
    );
  });
});

test("every file that cannot be copied is named with its reason, and then there is no plan", () => {
  assert(
    property(datafiles, options, (files, wanted) => {
      const result = planned(files, wanted);
      const refused = files.filter((file) => !planned([file], wanted).ok).map((file) => file.file);
      const named = (result.ok ? [] : result.refusals).map((one) => /datafile (\d+)/.exec(one.seen)?.[1]);
      expect(named).toEqual(refused.map(String));
      expect(result.ok).toBe(refused.length === 0);
    }),
  );
});

test("BEGIN and END are paired, never nested, and each copy in backup mode lies between its own", () => {
  law((plan) => {
    let open: Step | undefined;
    for (const step of plan.steps) {
      expect(step.kind === "begin-backup" && open !== undefined).toBe(false);
      if (step.kind === "begin-backup") open = step;
      if (step.kind !== "end-backup") continue;
      expect(open).toMatchObject({ id: step.begin, scope: step.scope });
      open = undefined;
    }
    expect(open).toBeUndefined();
    for (const { id, protection } of copies(plan)) {
      if (protection.by !== "backup-mode") continue;
      const end = plan.steps.findIndex(
        (step) => step.kind === "end-backup" && step.begin === protection.begin,
      );
      const [begin, copy] = [placeOf(plan, protection.begin), placeOf(plan, id)];
      expect(begin).toBeGreaterThanOrEqual(0);
      expect(copy).toBeGreaterThan(begin);
      expect(end).toBeGreaterThan(copy);
    }
  });
});

test("a BEGIN covers exactly the files of its tablespace that are written, each in its own container", () => {
  law((plan) => {
    for (const step of plan.steps) {
      if (step.kind !== "begin-backup") continue;
      const marked = copies(plan).filter(
        (copy) => copy.protection.by === "backup-mode" && copy.protection.begin === step.id,
      );
      expect(
        step.files
          .filter((file) => file.required)
          .map((file) => file.file)
          .toSorted((a, b) => a - b),
      ).toEqual(marked.map((copy) => copy.file).toSorted((a, b) => a - b));
      const { scope } = step;
      if (scope.level === "database") continue;
      for (const copy of marked) {
        expect({ container: copy.container, tablespace: copy.tablespace }).toEqual({
          container: scope.container,
          tablespace: scope.tablespace,
        });
      }
    }
  });
});

test("a file that is written is never copied without backup mode", () => {
  law((plan) => {
    for (const copy of copies(plan)) {
      if (copy.protection.by === "backup-mode") continue;
      const file = plan.facts.datafiles.find((one) => one.file === copy.file);
      const open =
        plan.facts.containers.find((one) => one.name === copy.container)?.openMode === "READ WRITE";
      const written = open && file?.enabled === "READ WRITE" && ["ONLINE", "SYSTEM"].includes(file.status);
      expect(written).toBe(false);
    }
  });
});

test("logs follow the last END, the control file follows the logs, the manifest is last", () => {
  law((plan) => {
    const kinds = plan.steps.map((step) => step.kind);
    const lastEnd = kinds.lastIndexOf("end-backup");
    const lastCopy = Math.max(kinds.lastIndexOf("copy-datafile"), kinds.lastIndexOf("in-parallel"));
    const order = [
      "switch-logs",
      "wait-for-logs",
      "copy-logs",
      "backup-controlfile",
      "confirm-identity",
      "write-manifest",
    ];
    const places = order.map((kind) => kinds.indexOf(kind as Step["kind"]));
    expect([lastEnd, ...places]).toEqual([lastEnd, ...places].toSorted((a, b) => a - b));
    expect(lastCopy).toBeLessThan(places[0] ?? -1);
    expect(kinds.indexOf("trace-controlfile")).toBeGreaterThan(lastEnd);
    expect(kinds.at(-1)).toBe("write-manifest");
    for (const kind of order) expect(kinds.filter((one) => one === kind)).toHaveLength(1);
  });
});

test("ids are unique; copies have safe names of their own below the run's directory, whatever the source is called", () => {
  law((plan) => {
    const ids = [...plan.steps, ...flatSteps(plan.steps)].map((step) => step.id);
    expect(new Set(ids).size).toBe(new Set([...plan.steps, ...flatSteps(plan.steps)]).size);
    const targets = copies(plan).map((copy) => copy.target);
    expect(new Set(targets.map((target) => target.toLowerCase())).size).toBe(targets.length);
    for (const target of targets) {
      expect(target.startsWith(`${plan.layout.data}/`)).toBe(true);
      const name = target.slice(plan.layout.data.length + 1);
      expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
    }
  });
});

test("the same facts give the same plan, in whatever order the files came", () => {
  assert(
    property(datafiles, options, integer({ min: 0, max: 13 }), (files, wanted, turn) => {
      const good = files.filter((file) => planned([file], wanted).ok);
      const turned = [...good.slice(turn), ...good.slice(0, turn)];
      const shown = (list: readonly DatafileFacts[]) => {
        const result = planned(list, wanted);
        return result.ok ? describePlan(result.plan) : result.refusals;
      };
      expect(shown(good)).toEqual(shown(good));
      // One by one the files that need no backup mode are copied as they come.
      expect(shown(wanted.mode === "database" ? turned : good)).toEqual(shown(good));
    }),
  );
});

test("chosen tablespaces are copied whole, and nothing else is", () => {
  assert(
    property(
      array(constantFrom("A", "B", "C"), { minLength: 1 }),
      constantFrom("A", "B", "C"),
      (names, wanted) => {
        const files = names.map((name, index) =>
          planDatafile(index + 1, { tablespace: name as TablespaceName }),
        );
        const result = planned(files, { tablespaces: [wanted] });
        const expected = files.filter((file) => file.tablespace === wanted).map((file) => file.file);
        expect(result.ok ? copies(result.plan).map((copy) => copy.file) : []).toEqual(expected);
        expect(result.ok ? [] : result.refusals.map((one) => one.code)).toEqual(
          result.ok ? [] : ["UMB-3111"],
        );
        expect(result.ok && result.plan.onlyTablespaces).toEqual(
          result.ok && [{ container: "CDB$ROOT", tablespace: wanted }],
        );
      },
    ),
  );
});

import type { ArchiveFacts, DestinationSlot, ParameterChange } from "../domain/archive.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import type { FilePath, StepId } from "../domain/names.ts";
import type { Planned, Refusal, Warning } from "../domain/refusal.ts";
import {
  destinationName,
  destinationValue,
  freeSlot,
  implicitDestination,
  isSetTo,
  liveLogs,
  minimumSucceed,
  otherValid,
  ownSlot,
  setParameterSql,
  stateName,
  usesOldForm,
  valuesOf,
} from "./archive-parameters.ts";
import { below } from "./backup-layout.ts";
import type { StepDescription } from "./describe-step.ts";
import { ARCHIVE_CURRENT_SQL, createPfileSql } from "./sql-text.ts";

/** One thing that gives a database its archive destination in the area, or takes it away. May be performed twice. */
export type LogSetupStep =
  | { readonly kind: "make-directory"; readonly path: FilePath }
  /** The instance itself writes a small file there: nobody else can say that it may. */
  | { readonly kind: "probe"; readonly path: FilePath }
  | { readonly kind: "set-parameter"; readonly change: ParameterChange }
  | { readonly kind: "confirm"; readonly changes: readonly ParameterChange[] }
  /** One log is sent the whole way. */
  | { readonly kind: "prove"; readonly directory: FilePath };

export interface LogSetupPlan {
  readonly directory: FilePath;
  readonly slot: DestinationSlot;
  /** None: it was set up already. */
  readonly changes: readonly ParameterChange[];
  readonly steps: readonly LogSetupStep[];
}

/** The instance writes its parameters here; the file is removed at once. */
const PROBE_NAME = ".umbra-probe.ora";

/**
 * How the database gets an archive destination in its live area, or every reason why it cannot. No steps: it has it.
 * `proved`: a log was seen to arrive before.
 */
export function planLogSetup(
  facts: ArchiveFacts,
  config: DatabaseConfig,
  { proved }: { readonly proved: boolean },
): Planned<LogSetupPlan> {
  const directory = liveLogs(config.backupArea);
  const slot = ownSlot(facts, directory) ?? freeSlot(facts);
  const refusals = [...refuseSetup(facts, config, directory, slot)];
  if (slot === undefined || refusals.length > 0) return { ok: false, refusals };
  const changes = changesFor(facts, config, { directory, slot });
  const proof: readonly LogSetupStep[] = canSwitch(facts) ? [{ kind: "prove", directory }] : [];
  const steps: readonly LogSetupStep[] =
    changes.length === 0 && proved
      ? []
      : [
          { kind: "make-directory", path: directory },
          { kind: "probe", path: below(directory, PROBE_NAME) },
          ...changes.map((change) => ({ kind: "set-parameter" as const, change })),
          { kind: "confirm", changes },
          ...proof,
        ];
  return { ok: true, plan: { directory, slot, changes, steps }, warnings: warningsOf(facts, slot, changes) };
}

function changesFor(
  facts: ArchiveFacts,
  config: DatabaseConfig,
  { directory, slot }: Pick<LogSetupPlan, "directory" | "slot">,
): readonly ParameterChange[] {
  const wanted: { name: string; value: string }[] = [];
  const implicit = slot.form === "numbered" ? implicitDestination(facts) : undefined;
  if (implicit !== undefined) {
    const mandatory = implicit.binding === "MANDATORY" ? " MANDATORY" : "";
    const value = `LOCATION=${implicit.destination}${mandatory}`;
    wanted.push({ name: `log_archive_dest_${implicit.id}`, value });
  }
  const value = slot.form === "duplex" ? directory : destinationValue(directory, config.logs);
  wanted.push({ name: destinationName(slot), value });
  if (slot.form === "numbered") wanted.push({ name: stateName(slot.number), value: "ENABLE" });
  return wanted
    .filter((one) => !isSetTo(facts, one.name, one.value))
    .map((one) => ({ ...one, previous: valuesOf(facts, one.name, "running")[0] ?? "" }));
}

function refuseSetup(
  facts: ArchiveFacts,
  config: DatabaseConfig,
  directory: FilePath,
  slot: DestinationSlot | undefined,
): readonly Refusal[] {
  return [
    ...refuseIdentity(facts, config),
    ...refusePath(directory),
    ...refuseSlot(facts, slot),
    ...refusePfile(facts, config, directory, slot),
    ...refuseNeeded(facts, slot),
  ];
}

export function refuseIdentity(facts: ArchiveFacts, config: DatabaseConfig): readonly Refusal[] {
  const refusals: Refusal[] = [];
  if (config.dbid !== undefined && config.dbid !== facts.dbid) {
    const seen = `the database has DBID ${facts.dbid}, not ${config.dbid} as configured`;
    refusals.push({
      code: "UMB-3101",
      rule: 2,
      seen,
      todo: "check the connect string and the configured dbid",
    });
  }
  if (facts.logMode === "NOARCHIVELOG") {
    const seen = "the database is in NOARCHIVELOG mode: there are no archived logs";
    refusals.push({ code: "UMB-3102", rule: 3, seen, todo: "switch it to ARCHIVELOG in MOUNT" });
  }
  if (!["PRIMARY", "PHYSICAL STANDBY", "SNAPSHOT STANDBY"].includes(facts.role)) {
    const seen = `the database is a ${facts.role}: it archives logs of two kinds, which must not be mixed`;
    const todo = "set the destination up on the primary or on a physical standby";
    refusals.push({ code: "UMB-3144", rule: 91, seen, todo });
  }
  return refusals;
}

function refusePath(directory: FilePath): readonly Refusal[] {
  if (/^\/[\w./@:~+-]+$/u.test(directory)) return [];
  const seen = `${directory} has letters that the LOCATION of an archive destination cannot have`;
  const todo = "configure a backup-area whose path holds only letters, digits and _ . - / @ : ~ +";
  return [{ code: "UMB-3142", rule: 92, seen, todo }];
}

function refuseSlot(facts: ArchiveFacts, slot: DestinationSlot | undefined): readonly Refusal[] {
  if (slot !== undefined) return [];
  const seen = usesOldForm(facts)
    ? `LOG_ARCHIVE_DEST is in use, and LOG_ARCHIVE_DUPLEX_DEST is ${valuesOf(facts, "log_archive_duplex_dest")[0] ?? "taken"}`
    : "LOG_ARCHIVE_DEST_1 to 10 are all in use";
  return [{ code: "UMB-3143", rule: 92, seen, todo: "free one of them" }];
}

function refusePfile(
  facts: ArchiveFacts,
  config: DatabaseConfig,
  directory: FilePath,
  slot: DestinationSlot | undefined,
): readonly Refusal[] {
  if (facts.spfile !== undefined || slot === undefined) return [];
  if (
    changesFor(facts, config, { directory, slot }).every((one) =>
      valuesOf(facts, one.name, "running").includes(one.value),
    )
  )
    return [];
  const value = slot.form === "duplex" ? directory : destinationValue(directory, config.logs);
  const seen =
    "the instance was started without a server parameter file: what is set would be gone after the next start";
  const todo = `add *.${destinationName(slot)}='${value}' to the parameter file and set it in the instance, or create an SPFILE`;
  return [{ code: "UMB-3141", seen, todo }];
}

/** OPTIONAL is not enough where logs must be in so many places: then production would wait for the backup storage. */
function refuseNeeded(facts: ArchiveFacts, slot: DestinationSlot | undefined): readonly Refusal[] {
  const wanted = minimumSucceed(facts);
  const others = otherValid(facts, slot).length;
  if (others >= wanted) return [];
  const seen = `LOG_ARCHIVE_MIN_SUCCEED_DEST is ${wanted}, and ${others} other local destinations work: production would depend on the backup storage`;
  const todo = "give the database another local destination, or lower LOG_ARCHIVE_MIN_SUCCEED_DEST";
  return [{ code: "UMB-3145", rule: 91, seen, todo }];
}

/** A standby gets its logs from the primary: there is nothing to switch. */
function canSwitch({ role, openMode }: ArchiveFacts): boolean {
  return role !== "PHYSICAL STANDBY" && openMode === "READ WRITE";
}

function warningsOf(
  facts: ArchiveFacts,
  slot: DestinationSlot,
  changes: readonly ParameterChange[],
): readonly Warning[] {
  const warnings: Warning[] = [];
  const todo = "run `umbra logs verify` when the next log was archived";
  if (changes.length > 0 && !canSwitch(facts)) {
    warnings.push({
      seen: `the database is a ${facts.role}, ${facts.openMode}: that logs arrive is not proved`,
      todo,
    });
  }
  if (slot.form === "duplex") {
    const seen = "LOG_ARCHIVE_DUPLEX_DEST has no state: `umbra logs guard` can warn, and cannot defer it";
    warnings.push({ rule: 93, seen, todo: "move to LOG_ARCHIVE_DEST_n where the edition allows it" });
  }
  if (valuesOf(facts, "dg_broker_start", "running").some((one) => one.toUpperCase() === "TRUE")) {
    const seen = "the Data Guard broker manages this database, and sets archive destinations too";
    warnings.push({ seen, todo: "see with `umbra logs guard` whether the destination stays" });
  }
  return warnings;
}

/** Each step as `--plan` shows it. */
export function describeLogSetup(steps: readonly LogSetupStep[]): readonly StepDescription[] {
  return steps.map(describe);
}

function describe(step: LogSetupStep): StepDescription {
  switch (step.kind) {
    case "make-directory":
      return { id: id("make-directory"), title: "create the log directory", sql: [], target: step.path };
    case "probe":
      return {
        id: id("probe"),
        title: "let the instance write a small file there, and remove it",
        sql: [createPfileSql(step.path, "memory")],
      };
    case "set-parameter": {
      const { name, value, previous } = step.change;
      const was = previous === "" ? "not set before" : `before: ${previous}`;
      return { id: id(name), title: `set ${name} (${was})`, sql: [setParameterSql(name, value)] };
    }
    case "confirm":
      return { id: id("confirm"), title: "read the parameters back", sql: [] };
    case "prove":
      return {
        id: id("prove"),
        title: `switch the logs, and wait until one is whole in ${step.directory}`,
        sql: [ARCHIVE_CURRENT_SQL],
      };
  }
}

function id(text: string): StepId {
  return `logs:${text}` as StepId;
}

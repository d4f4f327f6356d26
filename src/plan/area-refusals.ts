import type { AreaLook } from "../domain/area-look.ts";
import type { DatafileFacts, Facts } from "../domain/facts.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import type { Refusal } from "../domain/refusal.ts";
import { formatScn } from "../domain/scn.ts";
import type { Parent } from "./area-parent.ts";
import { isWritable } from "./rman-script.ts";

/** Reasons that hold for every run on the live area: it is somebody else's. */
export function refuseForeignArea(look: AreaLook, facts: Facts, config: DatabaseConfig): readonly Refusal[] {
  const { identity } = facts;
  if (look.state === "foreign") {
    const seen = `${config.backupArea}/live holds files and has no mark of umbra's`;
    return [{ code: "UMB-3133", seen, todo: "move them away, or configure another backup-area" }];
  }
  const found = look.manifest?.identity.dbid;
  if (found === undefined || found === identity.dbid) return [];
  const seen = `the copies in the live area are of DBID ${found}, the database has ${identity.dbid}`;
  return [
    { code: "UMB-3134", rule: 2, seen, todo: "check the connect string, or configure another backup-area" },
  ];
}

/** A refresh brings copies forward that are there: all of them, of this incarnation. */
export function refuseWithoutBaseline(
  look: AreaLook,
  facts: Facts,
  config: DatabaseConfig,
): readonly Refusal[] {
  const { name, backupArea } = config;
  const todo = `umbra baseline ${name}`;
  if (look.state === "foreign") return [];
  if (look.manifest === undefined) {
    const why = look.problem === undefined ? "there is no manifest in it" : `its manifest: ${look.problem}`;
    const seen = `the live area ${backupArea}/live has no copies that can be brought forward: ${why}`;
    return [{ code: "UMB-3132", rule: 79, seen, todo }];
  }
  const { resetlogsId } = look.manifest.identity;
  if (resetlogsId !== facts.identity.resetlogsId && look.manifest.identity.dbid === facts.identity.dbid) {
    const seen = `the copies in the live area are of incarnation ${resetlogsId}; the database was opened with RESETLOGS since`;
    return [{ code: "UMB-3134", rule: 121, seen, todo }];
  }
  if (!look.canRefresh && config.refresh.engine === "blocks") {
    const seen = "the database's host has no umbra that could bring copies forward in place";
    const install = "install umbra there and say so in `hosts`, or use engine rman";
    return [{ code: "UMB-3135", seen, todo: install }];
  }
  return [];
}

/** Rule 79: without exactly one good parent a full copy would be made, and only `baseline` may do that. */
export function refuseParent(
  file: DatafileFacts,
  parent: Parent,
  config: DatabaseConfig,
): readonly Refusal[] {
  if (parent.found === "good") return [];
  const which = `datafile ${file.file} of ${file.container}:${file.tablespace} (${file.path}, created at SCN ${formatScn(file.creationScn)})`;
  const why = parent.found === "none" ? "none is in the live area" : parent.why;
  const seen = `${which} lacks exactly one good copy: ${why}`;
  return [
    { code: "UMB-3131", rule: 79, seen, todo: `umbra baseline ${config.name} --datafile ${file.file}` },
  ];
}

export function refuseUnknownFiles(wanted: readonly number[], { datafiles }: Facts): readonly Refusal[] {
  const unknown = wanted.filter((number) => !datafiles.some((one) => one.file === number));
  if (unknown.length === 0) return [];
  const seen = `the database has no datafile ${unknown.join(", ")}`;
  return [{ code: "UMB-3136", seen, todo: "`umbra inventory` lists the datafiles" }];
}

/** RMAN is a program of the ORACLE_HOME, which must be known, and its scripts cannot hold every path. */
export function refuseEngine({ refresh, backupArea }: DatabaseConfig, look: AreaLook): readonly Refusal[] {
  if (refresh.engine === "blocks") return [];
  const refusals: Refusal[] = [];
  if (look.rman === undefined) {
    const seen = "engine rman needs the ORACLE_HOME and the SID of the database";
    refusals.push({ code: "UMB-3138", seen, todo: "name them under instance, with by: sqlplus" });
  }
  if (!isWritable(backupArea)) {
    const seen = `a script of RMAN cannot name the backup area ${backupArea}`;
    refusals.push({ code: "UMB-3139", seen, todo: "choose a path without quotes and &" });
  }
  return refusals;
}

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readControlFile, writeControlFile } from "../files/control-file-image.ts";
import { decodeSpfile, encodeSpfile } from "../files/spfile.ts";
import { createDatabase, type CreateDatabaseOptions } from "./create-database.ts";
import type { InstanceOptions } from "./instance.ts";
import type { OpenInstance } from "./open-instance.ts";
import { parameterText, parseParameters } from "./parameters.ts";
import { profileOf, PROFILES } from "./profiles.ts";
import { RedoTransport } from "./redo-transport.ts";
import { openInstance } from "./start-database.ts";

export type StandbyPairOptions = CreateDatabaseOptions &
  Omit<InstanceOptions, "home" | "sid" | "now"> & {
    /** Everything of the standby lies below. */
    readonly standbyBase: string;
    /** DB_UNIQUE_NAME of the standby; NAME_STBY unless told. */
    readonly standbyName?: string;
    /** Logs are shipped into the standby's own directory and control file, instead of one directory for both. */
    readonly ownLogs?: boolean;
    /** For the standby, where it shall fail by itself. */
    readonly standbyFaults?: InstanceOptions["faults"];
  };

/**
 * A primary and its physical standby, neither started. Logs that the primary archives are at the standby at once: both
 * point to the same directory, unless `ownLogs`.
 */
export async function createStandbyPair(
  options: StandbyPairOptions,
): Promise<{ readonly primary: OpenInstance; readonly standby: OpenInstance }> {
  const { base, standbyBase, name } = options;
  const sid = options.sid ?? name;
  await createDatabase(options);
  for (const directory of ["oradata", "fast"])
    cpSync(join(base, directory), join(standbyBase, directory), { recursive: true });
  const dbs = join(standbyBase, "dbs");
  mkdirSync(dbs, { recursive: true });
  cpSync(join(base, "dbs", `orapw${sid}`), join(dbs, `orapw${sid}`));
  const moved = (path: string) => path.replace(base, standbyBase);
  const stored = decodeSpfile(readFileSync(join(base, "dbs", `spfile${sid}.ora`))) ?? "";
  const parameters = parseParameters(stored, sid);
  const controls = (parameters.get("control_files") ?? "").split(",");
  parameters
    .set("control_files", controls.map(moved).join(","))
    .set("db_recovery_file_dest", moved(parameters.get("db_recovery_file_dest") ?? ""))
    .set("db_unique_name", options.standbyName ?? `${name}_STBY`);
  if (options.ownLogs === true)
    parameters.set("log_archive_dest_1", moved(parameters.get("log_archive_dest_1") ?? ""));
  writeFileSync(join(dbs, `spfile${sid}.ora`), encodeSpfile(parameterText(parameters)));
  const { compatibleWord: compatible } = PROFILES[profileOf(parameters.get("compatible"))];
  for (const path of controls) writeStandbyControl(path, { moved, compatible });
  const { standbyFaults: faults, ...common } = options;
  const standby = openInstance({ ...common, base: standbyBase, ...(faults !== undefined && { faults }) });
  const transport = new RedoTransport(join(standbyBase, "arch"), () => standby);
  const ships = options.ownLogs === true && { archived: transport.ship.bind(transport) };
  return { primary: openInstance({ ...common, ...ships }), standby };
}

function writeStandbyControl(
  path: string,
  { moved, compatible }: { readonly moved: (path: string) => string; readonly compatible: number },
): void {
  const control = readControlFile(path);
  control.type = "STANDBY";
  for (const file of [...control.datafiles, ...control.tempfiles]) file.path = moved(file.path);
  for (const group of control.logGroups) group.members = group.members.map(moved);
  mkdirSync(dirname(moved(path)), { recursive: true });
  writeControlFile(moved(path), control, { compatible });
}

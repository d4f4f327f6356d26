import { statSync } from "node:fs";

import { OraError } from "../engine/ora-error.ts";

const OLD_FORM = ["log_archive_dest", "log_archive_duplex_dest"] as const;

/** What ALTER SYSTEM SET refuses of an archive destination: the two forms mixed, or a directory that is not there. */
export function checkArchiveParameter(
  values: ReadonlyMap<string, string>,
  name: string,
  value: string,
): void {
  const isOld = OLD_FORM.some((one) => one === name);
  if (value.trim() === "" || (!isOld && !/^log_archive_dest_\d+$/.test(name))) return;
  const used = (other: string) => (values.get(other) ?? "").trim() !== "";
  const upper = name.toUpperCase();
  if (isOld && [...values.keys()].some((one) => /^log_archive_dest_\d+$/.test(one) && used(one)))
    throw invalid(16_018, `cannot use ${upper} with LOG_ARCHIVE_DEST_n or DB_RECOVERY_FILE_DEST`);
  if (!isOld && OLD_FORM.some(used))
    throw invalid(16_019, `cannot use ${upper} with LOG_ARCHIVE_DEST or LOG_ARCHIVE_DUPLEX_DEST`);
  requireDirectory(isOld ? value : /LOCATION\s*=\s*"?([^\s,"]+)/iu.exec(value)?.[1], upper);
}

function requireDirectory(location: string | undefined, upper: string): void {
  if (location === undefined || !location.startsWith("/")) return;
  if (statSync(location, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw invalid(16_032, `parameter ${upper} destination string cannot be translated`);
}

function invalid(code: number, text: string): OraError {
  const below = [`ORA-${code}: ${text}`];
  return new OraError(2097, "parameter cannot be modified because specified value is invalid", { below });
}

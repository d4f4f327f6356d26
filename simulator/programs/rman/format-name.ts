import { join } from "node:path";

import type { ControlFile, DatafileRecord } from "../../instance/control-file.ts";
import { toOracleTime } from "../../files/oracle-time.ts";

/** What the parts of FORMAT stand for in one piece or copy. */
export interface NameParts {
  readonly control: ControlFile;
  readonly now: Date;
  readonly set: number;
  readonly piece: number;
  /** Of an autobackup, among those of its day. */
  readonly number?: number;
  /** Of an image copy. */
  readonly file?: DatafileRecord;
}

/** %U, %d, %I, %N, %f, %s, %p, %c, %u, %t, %T and %F of FORMAT. */
export function formatName(format: string, parts: NameParts): string {
  const { control, now, set, piece, file, number = 0 } = parts;
  const unique = `${set.toString(36).padStart(2, "0")}${toOracleTime(now).toString(36)}`.slice(0, 8);
  const tablespace = control.tablespaces.find((ts) => ts.conId === file?.conId && ts.ts === file.ts)?.name;
  const day = now.toISOString().slice(0, 10).replaceAll("-", "");
  const image = `data_D-${control.dbName}_I-${control.dbid}_TS-${tablespace}_FNO-${file?.file}_${unique}`;
  const letters: Readonly<Record<string, string>> = {
    U: file === undefined ? `${unique}_${piece}_1` : image,
    d: control.dbName,
    I: String(control.dbid),
    N: tablespace ?? "",
    f: String(file?.file ?? ""),
    s: String(set),
    p: String(piece),
    c: "1",
    u: unique,
    t: String(toOracleTime(now)),
    T: day,
    F: `c-${control.dbid}-${day}-${number.toString(16).padStart(2, "0")}`,
    "%": "%",
  };
  return format.replaceAll(/%(.)/gu, (whole, letter: string) => letters[letter] ?? whole);
}

/** Where no FORMAT was given: the recovery area, else dbs of the ORACLE_HOME. */
export function defaultFormat(
  parameters: ReadonlyMap<string, string>,
  oracleHome: string,
  name = "%U",
): string {
  const area = parameters.get("db_recovery_file_dest");
  return join(area === undefined || area === "" ? join(oracleHome, "dbs") : area, name);
}

/** TAG20261121T093300, where none was given. */
export function defaultTag(now: Date): string {
  return `TAG${now.toISOString().slice(0, 19).replaceAll(/[-:]/gu, "")}`;
}

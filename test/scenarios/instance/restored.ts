import { closeSync, cpSync, mkdirSync, openSync, readSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Served, ServedOptions } from "./served.ts";
import { sameDatabase, serve } from "./served.ts";

/** What a user-managed hot backup leaves behind. */
export interface Copies {
  /** Old path of each datafile, and its copy. */
  readonly files: ReadonlyMap<string, string>;
  readonly controlfile: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** First SCN at which the copies can be opened. */
  readonly lastEnd: bigint;
}

export interface CopyOptions {
  /** Default: each tablespace goes into backup mode for its copy. */
  readonly inBackupMode?: boolean;
  /** Run after each piece of 4 KiB of a file of this tablespace. */
  readonly between?: (tablespace: string) => Promise<void>;
  /** Default: all logs are archived behind the copies. */
  readonly archive?: boolean;
}

/** Copies every datafile by SQL statements alone, then archives, then takes the control file. */
export async function hotCopies(rig: Served, options: CopyOptions = {}): Promise<Copies> {
  const { dba, base, instance } = rig;
  const files = new Map<string, string>();
  const containers = instance.controlFile?.containers ?? [];
  const rows = await dba.rows(
    "select d.file#, d.name, t.name, d.con_id from v$datafile d join v$tablespace t on t.ts# = d.ts# and t.con_id = d.con_id order by 1",
  );
  for (const [file, path, tablespace, conId] of rows) {
    const container =
      Number(conId) > 2 ? containers.find((record) => record.conId === conId)?.name : undefined;
    const marked = options.inBackupMode !== false && Number(conId) !== 2;
    if (marked) await dba.run(`alter tablespace "${String(tablespace)}" begin backup`, container);
    const copy = join(base, "copy", `file${String(file)}.dbf`);
    const { between } = options;
    await copyInPieces(String(path), copy, between && (() => between(String(tablespace))));
    files.set(String(path), copy);
    if (marked) await dba.run(`alter tablespace "${String(tablespace)}" end backup`, container);
  }
  const lastEnd = BigInt(String(await dba.value("select to_char(current_scn) from v$database")));
  if (options.archive !== false) await dba.run("alter system archive log current");
  const controlfile = join(base, "copy", "control.bkp");
  await dba.run(`alter database backup controlfile to '${controlfile}' reuse`);
  return { files, controlfile, parameters: new Map(instance.parameters), lastEnd };
}

async function copyInPieces(from: string, to: string, between?: () => Promise<void>): Promise<void> {
  mkdirSync(dirname(to), { recursive: true });
  if (between === undefined) {
    cpSync(from, to);
    return;
  }
  const source = openSync(from, "r");
  const target = openSync(to, "w");
  const piece = Buffer.alloc(4096);
  for (let at = 0; ; at += piece.length) {
    const read = readSync(source, piece, 0, piece.length, at);
    if (read === 0) break;
    writeSync(target, piece, 0, read, at);
    await between();
  }
  closeSync(source);
  closeSync(target);
}

export interface RestoreOptions extends ServedOptions {
  /** Directory below the base of the backed up database; default "restored". */
  readonly name?: string;
  /** Files that are not restored. */
  readonly without?: (path: string) => boolean;
  /** Archived logs; default: those of the backed up database. */
  readonly logs?: string;
}

/** Copies laid out in a second place, mounted with the backup control file, each file renamed by SQL. */
export async function restored(base: string, copies: Copies, options: RestoreOptions = {}): Promise<Served> {
  const home = join(base, options.name ?? "restored");
  mkdirSync(join(home, "dbs"), { recursive: true });
  cpSync(copies.controlfile, join(home, "control01.ctl"));
  const pfile = join(home, "init.ora");
  const parameters = new Map(copies.parameters)
    .set("control_files", join(home, "control01.ctl"))
    .set("log_archive_dest_1", `LOCATION=${join(home, "arch")}`);
  const lines = [...parameters].filter(([name]) =>
    /^(db_|compatible|enable|log_archive|undo|control)/u.test(name),
  );
  writeFileSync(pfile, lines.map(([name, value]) => `*.${name}='${value}'`).join("\n"));
  const instance = sameDatabase(home);
  await instance.startup({ to: "MOUNT", pfile });
  const rig = await serve(instance, home, options);
  for (const [path, copy] of copies.files) {
    if (options.without?.(path) === true) continue;
    const target = join(home, copy.split("/").at(-1) ?? "");
    cpSync(copy, target);
    await rig.dba.run(`alter database rename file '${path}' to '${target}'`);
  }
  for (const [member] of await rig.dba.rows("select member from v$logfile"))
    await rig.dba.run(
      `alter database rename file '${String(member)}' to '${join(home, String(member).split("/").at(-1) ?? "")}'`,
    );
  for (const [temp] of await rig.dba.rows("select name from v$tempfile"))
    await rig.dba.run(`alter database tempfile '${String(temp)}' drop`).catch(() => undefined);
  return rig;
}

/** The statement that recovers from the archived logs of the backed up database. */
export function recovery(base: string, rest: string): string {
  return `alter database recover automatic from '${join(base, "arch")}' database ${rest}`;
}

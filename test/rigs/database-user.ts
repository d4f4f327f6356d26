import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { programDefaults, type ProgramOptions } from "../../simulator/doors/program-options.ts";
import { type RunningProgram, startProgram } from "../../simulator/doors/program.ts";
import { inProcessConnector } from "../../simulator/doors/in-process.ts";
import { OraError } from "../../simulator/engine/ora-error.ts";
import type { ContainerName } from "../../src/domain/names.ts";
import type { Row } from "../../src/ports/database.ts";
import { scratchDirectory } from "./scratch-directory.ts";
import { type Ended, UmbraProcess } from "./umbra-process.ts";

/** The least that a container database of the simulator takes is a few MiB. */
const BYTES = 12 * 1_048_576;
export const PASSWORD = "s3cret-Of-The-Backup-User";

/** What a test writes otherwise into the configuration of the database. Text of YAML values. */
export interface Settings {
  readonly service?: string;
  readonly user?: string;
  readonly privilege?: string;
  readonly password?: string;
  readonly dbid?: string;
  readonly storagePath?: string;
  /** What takes snapshots of the storage: `{ kind: btrfs }`. */
  readonly snapshots?: string;
  readonly more?: string;
}

/** A simulated database behind its listener, and a user who has configured umbra for it. */
export class DatabaseUser implements AsyncDisposable {
  readonly directory: string;
  readonly program: RunningProgram;
  readonly #end: () => void;

  constructor(directory: string, program: RunningProgram, end: () => void) {
    this.directory = directory;
    this.program = program;
    this.#end = end;
    mkdirSync(this.storage, { recursive: true });
    writeFileSync(this.passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
    this.program.engine.accounts.get(this.account).password = PASSWORD;
    this.configure();
  }

  get account(): string {
    return this.program.instance.controlFile?.cdb === true ? "C##UMBRA" : "UMBRA";
  }

  get config(): string {
    return join(this.directory, "umbra.yaml");
  }

  get storage(): string {
    return join(this.directory, "backup");
  }

  get area(): string {
    return join(this.storage, "PROD1");
  }

  get state(): string {
    return join(this.directory, "state");
  }

  get passwordFile(): string {
    return join(this.directory, "password");
  }

  /** Writes the configuration of the one database PROD1. */
  configure(settings: Settings = {}): void {
    const { port } = this.program.listener;
    const snapshots = settings.snapshots === undefined ? "" : `, snapshots: ${settings.snapshots}`;
    const service = settings.service ?? this.program.ready.services[0] ?? "ORCL";
    const lines = [
      `state: ${this.state}`,
      "storages:",
      `  nas: { path: ${settings.storagePath ?? this.storage}${snapshots} }`,
      "databases:",
      "  PROD1:",
      `    connect: 127.0.0.1:${port}/${service}`,
      `    user: ${settings.user ?? this.account.toLowerCase()}`,
      `    privilege: ${settings.privilege ?? "sysbackup"}`,
      `    password: ${settings.password ?? `{ file: ${this.passwordFile} }`}`,
      "    storage: nas",
      "    backup: { spare: 0B }",
      ...(settings.dbid === undefined ? [] : [`    dbid: ${settings.dbid}`]),
      ...(settings.more === undefined ? [] : [settings.more]),
    ];
    writeFileSync(this.config, `${lines.join("\n")}\n`);
    chmodSync(this.config, 0o600);
  }

  /** Starts umbra; the caller waits for its end. */
  start(...argv: readonly string[]): UmbraProcess {
    return new UmbraProcess([...argv, "--config", this.config]);
  }

  async umbra(...argv: readonly string[]): Promise<Ended> {
    return await this.start(...argv).ended;
  }

  /** Standard output of a command that must succeed. */
  async succeed(...argv: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await this.umbra(...argv);
    if (status !== 0)
      throw new Error(`umbra ${argv.join(" ")} ended with status ${status}\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** The object that a command prints with `--output json`. */
  async object<T>(...argv: readonly string[]): Promise<T> {
    return JSON.parse(await this.succeed(...argv, "--output", "json")) as T;
  }

  /** As SYSDBA, in any state of the instance. */
  async asDba(sql: string, container?: string): Promise<readonly Row[]> {
    const { engine, ready } = this.program;
    const connector = inProcessConnector({
      engine,
      user: "SYS",
      password: "oracle",
      privilege: "SYSDBA",
      service: ready.adminService,
    });
    const options = { deadlineMs: 30_000 };
    await using db = await connector.connect({
      ...options,
      ...(container === undefined ? {} : { container: container as ContainerName }),
    });
    if (/^\s*select/iu.test(sql)) return await db.query(sql, {}, options);
    await db.execute(sql, options);
    return [];
  }

  /** Numbers of the datafiles in backup mode. */
  inBackupMode(): readonly number[] {
    const { instance } = this.program;
    const files = instance.controlFile?.datafiles ?? [];
    return files.filter((file) => instance.backupMode(file).status === "ACTIVE").map(({ file }) => file);
  }

  /**
   * END BACKUP waits in the database: a run is surely in backup mode until it is let through. `lose`: what waits is
   * never done, as when its session dies first.
   */
  holdEndBackup(): { readonly let: () => void; readonly lose: () => void } {
    const { instance } = this.program;
    const gate = Promise.withResolvers<void>();
    // Perhaps nothing waits.
    gate.promise.catch(() => {});
    const end = instance.endBackup.bind(instance);
    instance.endBackup = async (scope) => {
      await gate.promise;
      await end(scope);
    };
    const open = (then: () => void) => () => {
      instance.endBackup = end;
      then();
    };
    const lost = new OraError(3113, "end-of-file on communication channel");
    return { let: open(() => gate.resolve()), lose: open(() => gate.reject(lost)) };
  }

  /** Everything that a refusal must leave as it is: backup mode, alert log, redo, headers, and the backup area. */
  untouched(): object {
    const { instance } = this.program;
    const control = instance.controlFile;
    return {
      state: instance.state,
      openMode: instance.openMode,
      backupMode: control?.datafiles.map((file) => [file.file, instance.backupMode(file)]),
      logs: control?.logGroups.map(({ group, sequence, status }) => [group, sequence, status]),
      archived: control?.archivedLogs.length,
      alertLog: [...instance.alertLog.lines],
      area: filesBelow(this.storage),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program.close();
    this.#end();
  }
}

export async function databaseUser(options: Partial<ProgramOptions> = {}): Promise<DatabaseUser> {
  const scratch = scratchDirectory();
  const end = () => scratch[Symbol.dispose]();
  try {
    const base = join(scratch.path, "prod");
    const program = await startProgram({
      ...programDefaults,
      dbName: "ORCL",
      bytes: BYTES,
      base,
      ...options,
    });
    // The log that creation filled is archived in the background: after this nothing happens by itself.
    if (options.archivelog !== false) await program.instance.archiveLogCurrent();
    return new DatabaseUser(scratch.path, program, end);
  } catch (error) {
    end();
    throw error;
  }
}

/** Path and size of each file below a directory, sorted. */
function filesBelow(directory: string): readonly string[] {
  const entries = readdirSync(directory, { recursive: true, encoding: "utf8" }).toSorted();
  return entries.map((name) => {
    const stat = statSync(join(directory, name));
    return stat.isDirectory() ? `${name}/` : `${name} ${stat.size}`;
  });
}

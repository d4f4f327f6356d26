import type * as api from "./api.ts";
import type { ArchivedLogRecord, DatafileRecord } from "./control-file.ts";
import { checkArchiveParameter } from "./archive-parameters.ts";
import { archiveCurrent } from "./archive-current.ts";
import * as backup from "./backup-mode.ts";
import { fullCheckpoint } from "./checkpoint.ts";
import * as controlFiles from "./control-file-operations.ts";
import * as files from "./file-operations.ts";
import { InstanceLifecycle } from "./instance-lifecycle.ts";
import { switchLog } from "./log-switch.ts";
import { OraError } from "../engine/ora-error.ts";
import { storeParameter, writeMemoryPfile, writePfile } from "./parameter-files.ts";
import * as pdbs from "./pdbs.ts";
import { recoverMedia } from "./recover.ts";
import * as views from "./views.ts";
import { readRows } from "./rows.ts";
import { ServerBackups } from "./rman/server-backups.ts";
import * as services from "./services.ts";
import { StandbyApply, type StandbyApplyView } from "./standby-apply.ts";
import * as tables from "./tables.ts";
import * as tablespaces from "./tablespaces.ts";
import { OpenTransaction } from "./transaction.ts";

/** One instance of the simulated Oracle: the operations of api.ts on top of its lifecycle. */
export class OpenInstance extends InstanceLifecycle implements api.Instance {
  /** Seconds that a test wants the standby to lie behind. */
  extraLagSeconds = 0;
  private apply: StandbyApply | undefined;

  async openPdb(
    conId: number,
    mode: "READ WRITE" | "READ ONLY" | "RESETLOGS",
    restricted = false,
  ): Promise<void> {
    await pdbs.openPdb(this.opened, this.thread, conId, mode, restricted);
  }

  async closePdb(conId: number): Promise<void> {
    await pdbs.closePdb(this.opened, conId);
  }

  savePdbState(conId: number, keep: boolean): Promise<void> {
    return settle(() => pdbs.savePdbState(this.opened, conId, keep));
  }

  pdbRestricted(conId: number): boolean {
    return this.database.restrictedPdbs.has(conId);
  }

  restrictPdb(conId: number, restricted: boolean): Promise<void> {
    return settle(() => {
      if (restricted) this.opened.restrictedPdbs.add(conId);
      else this.opened.restrictedPdbs.delete(conId);
    });
  }

  pdbOpenedAt(conId: number): Date | undefined {
    return conId <= 2 ? this.startedAt : this.database.pdbsOpenedAt.get(conId);
  }

  get services(): ReturnType<typeof services.listServices> {
    return this.state === "OPEN" ? services.listServices(this.opened) : [];
  }

  changeService(
    conId: number,
    service: { readonly name: string; readonly networkName?: string },
    action: services.ServiceAction,
  ): Promise<void> {
    return settle(() => services.changeService(this.opened, conId, service, action));
  }

  beginBackup(scope: api.BackupScope): Promise<void> {
    return backup.beginBackup(this.database, this.thread, scope);
  }

  endBackup(scope: api.BackupScope): Promise<void> {
    return backup.endBackup(this.database, this.thread, scope);
  }

  async switchLogfile(): Promise<void> {
    const log = this.opened.threads.get(this.thread);
    if (log !== undefined) await switchLog(this.opened, log);
  }

  archiveLogCurrent(): Promise<void> {
    return archiveCurrent(this.opened);
  }

  /** ALTER SYSTEM ARCHIVE LOG ALL; also while mounted. ORA-00271 where nothing waits. */
  async archiveLogAll(): Promise<void> {
    if (this.database.control.logMode === "NOARCHIVELOG")
      throw new OraError(258, "manual archiving in NOARCHIVELOG mode must identify log");
    await this.archiver?.archiveWaiting();
  }

  scnAt(time: Date): bigint {
    return this.database.scnAt(time);
  }

  datafileHeader(file: DatafileRecord): api.DatafileHeaderView {
    return views.datafileHeader(this.database, file);
  }

  backupMode(file: DatafileRecord): ReturnType<api.Instance["backupMode"]> {
    return views.backupMode(file);
  }

  pdbOpenMode(conId: number): "MOUNTED" | "READ WRITE" | "READ ONLY" {
    return this.database.containerMode(conId);
  }

  async checkpoint(): Promise<void> {
    await fullCheckpoint(this.opened);
  }

  get standbyApply(): StandbyApplyView | undefined {
    return this.apply?.running === true ? this.apply.view : undefined;
  }

  /** Since everything that had arrived was applied; 0 while MRP0 keeps up. */
  get applyLagSeconds(): number {
    if (this.extraLagSeconds > 0 || this.standbyApply !== undefined) return this.extraLagSeconds;
    const since = this.apply?.caughtUpAt ?? this.startedAt;
    return Math.max(0, Math.floor((this.now().getTime() - since.getTime()) / 1000));
  }

  async startApply({
    realTime,
    wait,
  }: {
    readonly realTime: boolean;
    readonly wait: boolean;
  }): Promise<void> {
    const { database, parameters } = this;
    if (database.control.type !== "STANDBY")
      throw new OraError(1665, "control file is not a standby control file");
    if (this.apply?.running === true) throw new OraError(1153, "an incompatible media recovery is active");
    const context = { database, parameters, home: this.setup.home, profile: this.profile };
    this.apply = new StandbyApply(context, { realTime, isOpen: () => this.state === "OPEN" });
    if (wait) await this.apply.ended;
  }

  /** RFS, and ALTER DATABASE REGISTER LOGFILE: a log that arrived is in the control file from now on. */
  registerLog(log: Omit<ArchivedLogRecord, "recid" | "destId" | "completedAt">): void {
    const { control, hooks } = this.database;
    const recid = (control.archivedLogs.at(-1)?.recid ?? 0) + 1;
    control.archivedLogs.push({ ...log, recid, destId: 1, completedAt: hooks.now() });
    this.database.writeControl();
  }

  async cancelApply(): Promise<void> {
    if (this.database.control.type !== "STANDBY")
      throw new OraError(1665, "control file is not a standby control file");
    if (this.apply?.running !== true) throw new OraError(16_136, "Managed Standby Recovery not active");
    await this.apply.cancel();
  }

  override async open(mode: "READ WRITE" | "READ ONLY" | "RESETLOGS"): Promise<void> {
    if (this.controlFile?.type !== "STANDBY") return super.open(mode);
    if (mode === "RESETLOGS") throw new OraError(1666, "control file is for a standby database");
    if (this.apply?.running === true)
      throw new OraError(10_456, "cannot open standby database; media recovery session may be in progress");
    return super.open("READ ONLY");
  }

  override async shutdown(mode: "NORMAL" | "TRANSACTIONAL" | "IMMEDIATE" | "ABORT"): Promise<void> {
    if (mode !== "ABORT") await this.apply?.cancel();
    await super.shutdown(mode);
  }

  get suspended(): boolean {
    return this.state !== "IDLE" && this.state !== "NOMOUNT" && this.database.io.suspended;
  }

  /** Writes that are under way are carried out first. Again is success. */
  async suspend(): Promise<void> {
    const { io, cache } = this.opened;
    io.close();
    await cache.settled();
  }

  resume(): Promise<void> {
    return settle(() => this.opened.io.open());
  }

  get serverBackups(): ServerBackups {
    return new ServerBackups(this.database);
  }

  backupControlfile(path: string, reuse: boolean): Promise<void> {
    return settle(() => controlFiles.backupControlfile(this.database, path, reuse));
  }

  backupControlfileToTrace(
    path: string,
    options: Parameters<api.Instance["backupControlfileToTrace"]>[1],
  ): Promise<void> {
    return settle(() => controlFiles.backupToTrace(this.database, path, options));
  }

  async createControlfile(spec: api.CreateControlfileSpec): Promise<void> {
    if (this.state === "IDLE") throw new OraError(1034, "ORACLE not available");
    if (this.state !== "NOMOUNT")
      throw new OraError(1503, "CREATE CONTROLFILE failed", {
        below: ["ORA-01100: database already mounted"],
      });
    this.adopt(controlFiles.createControlfile(this, spec));
  }

  createPfile(path: string, from?: "memory"): Promise<void> {
    const { spfilePath, parameters } = this;
    return settle(() =>
      from === "memory" ? writeMemoryPfile(path, parameters) : writePfile(path, spfilePath, this.setup.sid),
    );
  }

  recover(spec: api.RecoverSpec): Promise<void> {
    return recoverMedia(
      { database: this.database, parameters: this.parameters, home: this.setup.home, profile: this.profile },
      spec,
    );
  }

  createTablespace(conId: number, spec: api.TablespaceSpec): Promise<void> {
    return tablespaces.createTablespace(this.opened, this.thread, conId, spec);
  }

  dropTablespace(
    conId: number,
    name: string,
    includingContents: boolean,
    andDatafiles: boolean,
  ): Promise<void> {
    return tablespaces.dropTablespace(this.opened, this.thread, conId, {
      name,
      includingContents,
      andDatafiles,
    });
  }

  addFile(
    conId: number,
    tablespace: string,
    spec: api.FileSpec,
    kind: "DATAFILE" | "TEMPFILE",
  ): Promise<void> {
    return tablespaces.addFile(this.opened, this.thread, conId, tablespace, spec, kind);
  }

  dropFile(
    conId: number,
    tablespace: string,
    file: api.FileReference,
    kind: "DATAFILE" | "TEMPFILE",
  ): Promise<void> {
    return files.dropFile(this.opened, this.thread, conId, tablespace, file, kind);
  }

  resizeFile(file: api.FileReference, bytes: number): Promise<void> {
    return files.resizeFile(this.opened, this.thread, file, bytes);
  }

  autoextendFile(
    file: api.FileReference,
    setting: { nextBytes: number; maxBytes: number } | null,
  ): Promise<void> {
    return settle(() => files.autoextendFile(this.database, file, setting));
  }

  renameFile(from: string, to: string): Promise<void> {
    return settle(() => files.renameFile(this.database, from, to));
  }

  moveDatafile(file: api.FileReference, to: string): Promise<void> {
    return files.moveDatafile(this.opened, file, to);
  }

  /** ALTER DATABASE CREATE DATAFILE 'old' AS 'new': for a file that recovery found in the redo only. */
  createDatafile(file: api.FileReference, path: string): Promise<void> {
    return settle(() => files.createDatafile(this.database, file, path));
  }

  offlineDatafile(file: api.FileReference, forDrop: boolean): Promise<void> {
    return files.offlineDatafile(this.database, this.thread, file, forDrop);
  }

  onlineDatafile(file: api.FileReference): Promise<void> {
    return settle(() => files.onlineDatafile(this.database, file));
  }

  setTablespace(
    conId: number,
    name: string,
    to: Parameters<api.Instance["setTablespace"]>[2],
  ): Promise<void> {
    return tablespaces.setTablespace(this.opened, this.thread, conId, name, to);
  }

  createPluggableDatabase(spec: { name: string; fileNameConvert: readonly [string, string] }): Promise<void> {
    return pdbs.createPdb(this.opened, this.thread, spec);
  }

  dropPluggableDatabase(name: string): Promise<void> {
    return pdbs.dropPdb(this.opened, this.thread, name);
  }

  setParameter(name: string, value: string, scope: "MEMORY" | "SPFILE" | "BOTH"): Promise<void> {
    return settle(() => {
      const set = this.parameterSet;
      if (set === undefined) throw new OraError(1034, "ORACLE not available");
      checkArchiveParameter(set.values, name.toLowerCase(), value);
      if (scope !== "MEMORY") {
        if (set.spfilePath === undefined)
          throw new OraError(32_001, "write to SPFILE requested but no SPFILE is in use");
        storeParameter(set.spfilePath, this.setup.sid, name.toLowerCase(), value);
      }
      if (scope !== "SPFILE") set.values.set(name.toLowerCase(), value);
      if (name.toLowerCase() === "restricted_session") this.restricted = value === "TRUE";
    });
  }

  setLogMode(mode: "ARCHIVELOG" | "NOARCHIVELOG"): Promise<void> {
    return settle(() => controlFiles.setLogMode(this.database, mode, this.state === "OPEN"));
  }

  setForceLogging(on: boolean): Promise<void> {
    return settle(() => {
      this.database.control.forceLogging = on;
      this.database.writeControl();
    });
  }

  tables(conId: number): readonly api.TableDefinition[] {
    return tables.listTables(this.opened, conId);
  }

  createTable(conId: number, table: Omit<api.TableDefinition, "objectId">): Promise<api.TableDefinition> {
    return tables.createTable(this.opened, this.thread, conId, table);
  }

  dropTable(conId: number, objectId: number): Promise<void> {
    return tables.dropTable(this.opened, this.thread, conId, objectId);
  }

  readRows(
    conId: number,
    objectId: number,
    options: { scn?: bigint; transaction?: api.Transaction } = {},
  ): Iterable<api.StoredRow> {
    return readRows(this.opened, tables.openContainer(this.opened, conId), objectId, options);
  }

  begin(conId: number): OpenTransaction {
    if (this.stopping !== undefined && this.stopping !== "NORMAL")
      throw new OraError(1089, "immediate shutdown or close in progress - no operations are permitted");
    return new OpenTransaction(this.opened, tables.openContainer(this.opened, conId), this.thread);
  }
}

/** Synchronous work behind an asynchronous interface: a refusal rejects. */
function settle(work: () => void): Promise<void> {
  return new Promise((resolve) => {
    work();
    resolve();
  });
}

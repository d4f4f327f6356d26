import { OraError } from "../engine/ora-error.ts";
import type { InstanceState } from "../engine/engine.ts";
import type { AlertLog } from "./alert-log.ts";
import type * as api from "./api.ts";
import { Archiver } from "./archiver.ts";
import { type BackgroundProcess, startWriter } from "./background.ts";
import * as backup from "./backup-mode.ts";
import { fullCheckpoint } from "./checkpoint.ts";
import { shutDown } from "./close-database.ts";
import type { ControlFile } from "./control-file.ts";
import { SimulatedDatabase } from "./database.ts";
import type { Hooks } from "./hooks.ts";
import type { Cluster } from "./instance.ts";
import { InstanceLife } from "./instance-life.ts";
import { readControlFiles, rememberBackupModes } from "./mount.ts";
import { openReadOnly, openReadWrite } from "./open-database.ts";
import { loadParameters, type ParameterSet } from "./parameter-files.ts";
import * as pdbs from "./pdbs.ts";
import { PROFILES, profileOf } from "./profiles.ts";
import { openResetlogs } from "./resetlogs.ts";
import { closeThread, openThread } from "./threads.ts";
import type { OpenTransaction } from "./transaction.ts";
import * as views from "./views.ts";

export interface InstanceSetup {
  readonly home: string;
  readonly sid: string;
  readonly hooks: Hooks;
  readonly alert: AlertLog;
  readonly cluster: Cluster;
  readonly node?: string;
}

/** Sessions that shutdown has to wait for, or to end. The SQL layer puts its own here. */
export interface SessionRegistry {
  active(): number;
  endAll(): Promise<void>;
}

/** An instance from STARTUP to SHUTDOWN: its state and its background processes. */
export class InstanceLifecycle {
  readonly setup: InstanceSetup;
  sessions: SessionRegistry = { active: () => 0, endAll: () => Promise.resolve() };
  restricted = false;
  /** Set while SHUTDOWN is at work: no new session, and no new work but for NORMAL. */
  stopping: api.Instance["stopping"];
  private life = new InstanceLife(new Date(0), new Date(-1));
  protected parameterSet: ParameterSet | undefined;
  private mounted: SimulatedDatabase | undefined;
  private isOpen = false;
  private wasClosed = false;
  /** Between the call of STARTUP and the first parameter: there is no instance yet, but one is on its way. */
  private starting = false;
  private writer: BackgroundProcess | undefined;
  protected archiver: Archiver | undefined;

  constructor(setup: InstanceSetup) {
    this.setup = setup;
  }

  get state(): InstanceState {
    if (this.parameterSet === undefined) return "IDLE";
    if (this.mounted === undefined) return "NOMOUNT";
    return this.isOpen ? "OPEN" : "MOUNT";
  }

  get startedAt(): Date {
    return this.life.startedAt;
  }

  get openMode(): "MOUNTED" | "READ WRITE" | "READ ONLY" | null {
    if (this.mounted === undefined) return null;
    return this.isOpen ? this.mounted.openMode : "MOUNTED";
  }

  get profile(): api.InstanceProfile {
    return PROFILES[profileOf(this.parameterSet?.values.get("compatible"))];
  }

  get controlFile(): ControlFile | undefined {
    return this.mounted?.control;
  }

  get controlFilePaths(): readonly string[] {
    return (this.parameterSet?.values.get("control_files") ?? "").split(",").filter((path) => path !== "");
  }

  get parameters(): ReadonlyMap<string, string> {
    return this.parameterSet?.values ?? new Map();
  }

  get spfilePath(): string | undefined {
    return this.parameterSet?.spfilePath;
  }

  get passwordFilePath(): string | undefined {
    return views.passwordFile(this.setup.home, this.setup.sid);
  }

  get openInstances(): api.Instance["openInstances"] {
    return [...this.setup.cluster.instances]
      .filter((instance) => instance.isOpen)
      .map((instance) => ({
        number: instance.thread,
        name: instance.setup.sid,
        thread: instance.thread,
        startedAt: instance.startedAt,
      }));
  }

  get mountedInstances(): api.Instance["mountedInstances"] {
    return [...this.setup.cluster.instances].map((instance) => ({
      number: instance.thread,
      name: instance.setup.sid,
      thread: instance.thread,
      startedAt: instance.startedAt,
      state: instance.state,
      restricted: instance.restricted,
      node: instance.setup.node,
    }));
  }

  get archiveDestinations(): readonly api.ArchiveDestinationView[] {
    return this.archiver?.views ?? [];
  }

  /** True while a log cannot be archived where it must be: new normal sessions get ORA-00257. */
  get archiverStuck(): boolean {
    return this.archiver?.stuck ?? false;
  }

  get activeTransactions(): api.Instance["activeTransactions"] {
    return [...(this.mounted?.transactions ?? [])];
  }

  get alertLog(): AlertLog {
    return this.setup.alert;
  }

  get thread(): number {
    return Number(this.parameters.get("thread") ?? 1) || 1;
  }

  /** The mounted database; ORA-01507 before. */
  get database(): SimulatedDatabase {
    if (this.parameterSet === undefined) throw new OraError(1034, "ORACLE not available");
    if (this.mounted === undefined) throw new OraError(1507, "database not mounted");
    return this.mounted;
  }

  protected get opened(): SimulatedDatabase {
    const { database } = this;
    if (!this.isOpen) throw new OraError(1109, "database not open");
    return database;
  }

  now(): Date {
    return this.setup.hooks.now();
  }

  currentScn(): bigint {
    const { database } = this;
    return database.openMode === "READ WRITE" ? database.nextScn() : database.scn;
  }

  async startup(options: {
    to: "NOMOUNT" | "MOUNT" | "OPEN";
    restricted?: boolean;
    pfile?: string;
  }): Promise<void> {
    if (this.parameterSet !== undefined || this.starting)
      throw new OraError(1081, "cannot start already-running ORACLE - shut it down first");
    this.life = new InstanceLife(this.now(), this.startedAt);
    this.starting = true;
    try {
      await this.reach("start");
      const parameters = loadParameters(this.setup.home, this.setup.sid, options.pfile);
      await this.setup.hooks.signs?.started(() => void this.crash());
      this.parameterSet = parameters;
    } finally {
      this.starting = false;
    }
    this.restricted = options.restricted === true;
    this.wasClosed = false;
    this.setup.alert.note("Starting ORACLE instance (normal)");
    if (options.to === "NOMOUNT") return;
    await this.mount();
    if (options.to === "OPEN") await this.open("READ WRITE");
  }

  async mount(): Promise<void> {
    if (this.parameterSet === undefined) throw new OraError(1034, "ORACLE not available");
    if (this.mounted !== undefined) throw new OraError(1100, "database already mounted");
    await this.reach("mount");
    const { signs } = this.setup.hooks;
    if (!this.clustered) await signs?.mounted(this.dbUniqueName);
    try {
      this.adopt(this.identified());
    } catch (error) {
      await signs?.dismounted();
      throw error;
    }
    const { dbid } = this.database.control;
    this.setup.alert.note(`Successful mount of redo thread ${this.thread}, with mount id ${dbid}`);
  }

  /** The database that the cluster has mounted already, or the one that the control files tell of. */
  private identified(): SimulatedDatabase {
    const { cluster, hooks, alert } = this.setup;
    if (cluster.database !== undefined && !cluster.database.dead) return cluster.database;
    const control = readControlFiles(this.controlFilePaths, this.parameters.get("db_name") ?? "");
    const { compatibleWord } = PROFILES[this.profile.name];
    const database = new SimulatedDatabase(control, this.controlFilePaths, hooks, alert, compatibleWord);
    rememberBackupModes(database);
    return database;
  }

  /** Instances of a cluster share the mount. */
  private get clustered(): boolean {
    return this.parameters.get("cluster_database")?.toUpperCase() === "TRUE";
  }

  private get dbUniqueName(): string {
    return this.parameters.get("db_unique_name") ?? this.parameters.get("db_name") ?? this.setup.sid;
  }

  /** Waits where a fault holds the instance; ORA-01092 where it is aborted meanwhile. */
  private async reach(step: "start" | "mount" | "open" | "shutdown"): Promise<void> {
    await this.life.during(this.setup.hooks.faults.reaching?.(step));
  }

  /** Takes a database as mounted: after MOUNT, and after CREATE CONTROLFILE. */
  adopt(database: SimulatedDatabase): void {
    this.mounted = database;
    this.setup.cluster.database = database;
    this.setup.cluster.instances.add(this);
    this.archiver = new Archiver(database, () => this.parameters, this.setup.home);
  }

  async open(mode: "READ WRITE" | "READ ONLY" | "RESETLOGS"): Promise<void> {
    const { database, thread } = this;
    if (this.isOpen) throw new OraError(1531, "a database already open by the instance");
    if (this.wasClosed) throw new OraError(16_196, "database has been previously opened and closed");
    await this.reach("open");
    const first = database.openMode === "MOUNTED";
    if (mode === "READ ONLY") {
      if (first) await openReadOnly(database, thread);
    } else {
      if (first) this.startBackground(database);
      try {
        if (!first) await openThread(database, thread, this.setup.sid);
        else if (mode === "RESETLOGS") await openResetlogs(database, thread, this.setup.sid);
        else await openReadWrite(database, thread, this.setup.sid);
      } catch (error) {
        database.openMode = first ? "MOUNTED" : database.openMode;
        await this.stopBackground();
        throw error;
      }
    }
    this.isOpen = true;
    if (first) await pdbs.openSavedPdbs(database, thread);
    this.setup.alert.note(`Completed: alter database open ${mode.toLowerCase()}`);
  }

  private startBackground(database: SimulatedDatabase): void {
    this.writer = startWriter(database);
    this.archiver?.start();
  }

  private async stopBackground(): Promise<void> {
    await this.writer?.stop();
    await this.archiver?.stop();
    this.writer = undefined;
  }

  async close(): Promise<void> {
    const database = this.opened;
    await this.rollBackAll(database);
    await this.leave(database);
    this.wasClosed = true;
  }

  async dismount(): Promise<void> {
    if (this.isOpen)
      throw new OraError(1093, "ALTER DATABASE CLOSE only permitted with no sessions connected");
    this.letGo();
    await this.setup.hooks.signs?.dismounted();
  }

  async shutdown(mode: "NORMAL" | "TRANSACTIONAL" | "IMMEDIATE" | "ABORT"): Promise<void> {
    if (this.parameterSet === undefined && !this.starting) throw new OraError(1034, "ORACLE not available");
    if (mode === "ABORT") return this.crash();
    if (this.parameterSet === undefined) throw new OraError(1034, "ORACLE not available");
    if (this.stopping !== undefined)
      throw new OraError(1090, "shutdown in progress - connection is not permitted");
    this.setup.alert.note(`Shutting down instance (${mode.toLowerCase()})`);
    await this.reach("shutdown");
    if (this.isOpen && this.openInstances.length === 1) backup.refuseWhileInBackup(this.opened);
    this.stopping = mode;
    try {
      if (this.isOpen) await this.closeFor(mode);
      if (this.mounted !== undefined) this.letGo();
      await this.setup.hooks.signs?.ended();
      this.parameterSet = undefined;
      this.life.end();
      await this.sessions.endAll();
    } finally {
      this.stopping = undefined;
    }
  }

  private async closeFor(mode: "NORMAL" | "TRANSACTIONAL" | "IMMEDIATE"): Promise<void> {
    const database = this.opened;
    const { hooks } = this.setup;
    if (mode === "NORMAL") while (this.sessions.active() > 0) await this.life.during(hooks.idle());
    if (mode === "TRANSACTIONAL")
      while (this.ownTransactions(database).length > 0) await this.life.during(hooks.idle());
    await this.sessions.endAll();
    await this.rollBackAll(database, (left) => this.life.during(hooks.faults.rollingBack?.(left)));
    await this.leave(database);
  }

  /** The instance dies: memory is lost, a block may be half written. Other instances of the cluster die with it. */
  async crash(): Promise<void> {
    const { mounted } = this;
    this.setup.alert.note("Instance terminated by USER");
    mounted?.discard();
    mounted?.wake.writer();
    mounted?.wake.archiver();
    for (const instance of this.setup.cluster.instances) {
      if (instance.mounted !== mounted || instance === this) continue;
      instance.forget();
      await instance.die();
    }
    this.forget();
    await this.die();
  }

  private async die(): Promise<void> {
    this.life.end();
    await this.setup.hooks.signs?.ended();
    await this.sessions.endAll();
  }

  private forget(): void {
    this.mounted = undefined;
    this.parameterSet = undefined;
    this.isOpen = false;
    this.setup.cluster.instances.delete(this);
  }

  private ownTransactions(database: SimulatedDatabase): OpenTransaction[] {
    return [...database.transactions].filter((transaction) => transaction.thread === this.thread);
  }

  private async rollBackAll(
    database: SimulatedDatabase,
    pace?: (left: number) => Promise<void>,
  ): Promise<void> {
    if (database.openMode !== "READ WRITE") return;
    for (const transaction of this.ownTransactions(database)) await transaction.rollback(pace);
  }

  /** The last instance closes the database; another only its thread. */
  private async leave(database: SimulatedDatabase): Promise<void> {
    const last = this.openInstances.length === 1;
    if (last) {
      if (database.openMode === "READ WRITE") await fullCheckpoint(database);
      await this.stopBackground();
      await shutDown(database);
    } else {
      const heir = [...this.setup.cluster.instances].find((instance) => instance !== this && instance.isOpen);
      if (heir !== undefined && this.writer !== undefined) {
        heir.writer = this.writer;
        heir.archiver = this.archiver;
        this.writer = undefined;
      }
      await fullCheckpoint(database);
      closeThread(database, this.thread);
      database.writeControl();
    }
    this.isOpen = false;
  }

  private letGo(): void {
    this.setup.cluster.instances.delete(this);
    if (this.setup.cluster.instances.size === 0) {
      this.mounted?.discard();
      this.setup.cluster.database = undefined;
    }
    this.mounted = undefined;
  }
}

import { OraError } from "../../../../simulator/engine/ora-error.ts";
import type { SqlValue } from "../../../../simulator/engine/values.ts";
import type {
  Instance,
  InstanceProfile,
  RowAddress,
  StoredRow,
  TableDefinition,
  Transaction,
} from "../../../../simulator/instance/api.ts";
import type { DatafileRecord } from "../../../../simulator/instance/control-file.ts";
import { BIG_SCN, fakeControlFile, FIXED_NOW } from "./fake-control-file.ts";

export const PROFILES: Readonly<Record<InstanceProfile["name"], InstanceProfile>> = {
  "12.2": { name: "12.2", version: [12, 2, 0, 1, 0], edition: "EE" },
  "19c": { name: "19c", version: [19, 21, 0, 0, 0], edition: "EE" },
  "23ai": { name: "23ai", version: [23, 5, 0, 24, 7], edition: "EE" },
};

type Calls = { name: string; args: unknown[] }[];

interface StoredTable extends TableDefinition {
  readonly conId: number;
  rows: StoredRow[];
}

/** What the SQL layer needs of an instance, by hand: state to show, user tables, and a record of every operation asked for. */
export class FakeState {
  state: Instance["state"] = "OPEN";
  openMode: Instance["openMode"] = "READ WRITE";
  restricted = false;
  readonly stopping: Instance["stopping"] = undefined;
  sessions: Instance["sessions"] = { active: () => 0, endAll: () => Promise.resolve() };
  readonly startedAt = new Date("2026-11-20T08:00:00Z");
  profile = PROFILES["19c"];
  controlFile: Instance["controlFile"] = fakeControlFile();
  readonly controlFilePaths = ["/u/control01.ctl", "/u/control02.ctl"];
  readonly parameters = new Map([
    ["db_name", "prod1"],
    ["db_unique_name", "PROD1"],
    ["instance_name", "PROD1"],
    ["db_block_size", "8192"],
    ["enable_pluggable_database", "TRUE"],
  ]);
  readonly spfilePath = "/u/spfilePROD1.ora";
  readonly passwordFilePath = "/u/orapwPROD1";
  readonly openInstances = [{ number: 1, name: "PROD1", thread: 1, startedAt: this.startedAt }];
  get mountedInstances(): Instance["mountedInstances"] {
    const { startedAt, state, restricted } = this;
    return [{ number: 1, name: "PROD1", thread: 1, startedAt, state, restricted, node: undefined }];
  }
  readonly archiveDestinations = [
    {
      id: 1,
      destination: "/a",
      binding: "OPTIONAL" as const,
      status: "VALID",
      reopenSeconds: 300,
      failureCount: 0,
      failSequence: 0,
      error: null,
    },
  ];
  readonly activeTransactions = [{ conId: 3, usedUndoRecords: 5, startScn: 99n, startedAt: FIXED_NOW }];
  readonly active = new Set<number>();
  readonly suspended = false;
  readonly standbyApply: Instance["standbyApply"] = undefined;
  readonly services: Instance["services"] = [];
  readonly pdbModes = new Map<number, "MOUNTED" | "READ WRITE" | "READ ONLY">();
  readonly calls: Calls = [];
  readonly stored: StoredTable[] = [];
  scn = BIG_SCN;
  /** Rows as they were, by SCN. */
  readonly history = new Map<bigint, StoredRow[]>();
  fail: OraError | undefined;
}

export function fakeInstance(state: FakeState = new FakeState()): Instance {
  const own = {
    currentScn: () => state.scn,
    now: () => FIXED_NOW,
    datafileHeader: (file: DatafileRecord) => ({
      status: "ONLINE",
      error: null,
      recover: "NO",
      fuzzy: "YES",
      checkpointScn: file.checkpointScn,
      checkpointAt: file.checkpointAt,
      checkpointCount: 3,
      creationScn: 100n,
      resetlogsScn: 1n,
      resetlogsAt: file.creationAt,
      bytes: file.blocks * file.blockSize,
      blocks: file.blocks,
    }),
    backupMode: (file: DatafileRecord) => ({
      status: state.active.has(file.file) ? "ACTIVE" : "NOT ACTIVE",
      changeScn: state.active.has(file.file) ? state.scn : 0n,
      at: state.active.has(file.file) ? FIXED_NOW : null,
    }),
    pdbOpenMode: (conId: number) => state.pdbModes.get(conId) ?? (conId === 2 ? "READ ONLY" : "READ WRITE"),
    pdbRestricted: () => false,
    pdbOpenedAt: () => state.startedAt,
    scnAt: (time: Date) => state.scn - BigInt(FIXED_NOW.getTime() - time.getTime()),
    tables: (conId: number) => state.stored.filter((table) => table.conId === conId),
    createTable: (conId: number, table: Omit<TableDefinition, "objectId">) => {
      const created = { ...table, objectId: 70_000 + state.stored.length, conId, rows: [] };
      state.stored.push(created);
      return Promise.resolve(created);
    },
    dropTable: (_: number, objectId: number) => {
      state.stored.splice(
        state.stored.findIndex((table) => table.objectId === objectId),
        1,
      );
      return Promise.resolve();
    },
    readRows: (_: number, objectId: number, options: { scn?: bigint; transaction?: FakeTransaction } = {}) =>
      options.scn === undefined
        ? (options.transaction?.rowsOf(objectId) ?? storedTable(state, objectId).rows)
        : (state.history.get(options.scn) ?? []),
    begin: (conId: number) => new FakeTransaction(state, conId),
  };
  return new Proxy(state as unknown as Instance, {
    get(target, name) {
      if (name in own) return own[name as keyof typeof own];
      if (name in target) return target[name as keyof Instance];
      return (...args: unknown[]) => {
        if (state.fail) return Promise.reject(state.fail);
        state.calls.push({ name: String(name), args });
        return Promise.resolve();
      };
    },
  });
}

function storedTable(state: FakeState, objectId: number): StoredTable {
  const found = state.stored.find((candidate) => candidate.objectId === objectId);
  if (found === undefined) throw new OraError(942, "table or view does not exist");
  return found;
}

/** Works on copies of the rows until COMMIT. */
class FakeTransaction implements Transaction {
  readonly conId: number;
  readonly #state: FakeState;
  readonly #rows = new Map<number, StoredRow[]>();

  constructor(state: FakeState, conId: number) {
    this.#state = state;
    this.conId = conId;
  }

  rowsOf(objectId: number): StoredRow[] {
    const rows = this.#rows.get(objectId) ?? [...storedTable(this.#state, objectId).rows];
    this.#rows.set(objectId, rows);
    return rows;
  }

  insert(objectId: number, values: readonly SqlValue[]): Promise<RowAddress> {
    const rows = this.rowsOf(objectId);
    const address = { file: 7, block: 200, slot: 1 + Math.max(0, ...rows.map((row) => row.address.slot)) };
    rows.push({ address, values });
    return Promise.resolve(address);
  }

  update(objectId: number, address: RowAddress, values: readonly SqlValue[]): Promise<RowAddress> {
    const rows = this.rowsOf(objectId);
    rows[rows.findIndex((row) => row.address.slot === address.slot)] = { address, values };
    return Promise.resolve(address);
  }

  delete(objectId: number, address: RowAddress): Promise<void> {
    const rows = this.rowsOf(objectId);
    rows.splice(
      rows.findIndex((row) => row.address.slot === address.slot),
      1,
    );
    return Promise.resolve();
  }

  /** Nobody else is there. */
  lock(): Promise<boolean> {
    return Promise.resolve(false);
  }

  savepoint(): number {
    return 0;
  }

  rollbackTo(): Promise<void> {
    return Promise.resolve();
  }

  commit(): Promise<bigint> {
    for (const [objectId, rows] of this.#rows) storedTable(this.#state, objectId).rows = rows;
    this.#state.scn += 1n;
    return Promise.resolve(this.#state.scn);
  }

  rollback(): Promise<void> {
    return Promise.resolve();
  }
}

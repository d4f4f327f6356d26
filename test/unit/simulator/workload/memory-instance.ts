import { OraError } from "../../../../simulator/engine/ora-error.ts";
import type { SqlValue } from "../../../../simulator/engine/values.ts";
import type { RowAddress, TableDefinition, Transaction } from "../../../../simulator/instance/api.ts";
import type {
  ControlFile,
  DatafileRecord,
  TablespaceRecord,
} from "../../../../simulator/instance/control-file.ts";
import type { WorkloadInstance } from "../../../../simulator/workload/live-table.ts";
import { smallControlFile } from "../files/small-control-file.ts";

type Rows = Map<string, readonly SqlValue[]>;

/** An instance that keeps rows in memory only; committed rows are what a reader sees. One PDB with one user tablespace. */
export class MemoryInstance implements WorkloadInstance {
  readonly openMode = "READ WRITE";
  readonly controlFile: ControlFile = {
    ...smallControlFile(),
    tablespaces: [userTablespace],
    datafiles: [userFile],
  };
  readonly committed = new Map<number, Rows>();
  readonly definitions: TableDefinition[] = [];
  /** Called before each change and commit; may throw. */
  beforeCall: (what: "change" | "commit") => void = () => undefined;
  /** Called when a commit is done but not answered yet; may throw. */
  beforeAnswer: () => void = () => undefined;
  #scn = 1000n;
  #slot = 0;

  currentScn(): bigint {
    return this.#scn;
  }

  pdbOpenMode(): "READ WRITE" {
    return "READ WRITE";
  }

  tables(): readonly TableDefinition[] {
    return this.definitions;
  }

  async createTable(_conId: number, table: Omit<TableDefinition, "objectId">): Promise<TableDefinition> {
    const definition = { ...table, objectId: this.definitions.length + 1 };
    this.definitions.push(definition);
    this.committed.set(definition.objectId, new Map());
    return definition;
  }

  *readRows(_conId: number, objectId: number) {
    for (const [slot, values] of this.committed.get(objectId) ?? [])
      yield { address: addressOf(Number(slot)), values };
  }

  begin(conId: number): Transaction {
    const changes: [objectId: number, slot: number, values: readonly SqlValue[] | null][] = [];
    const change = async (
      objectId: number,
      slot: number,
      values: readonly SqlValue[] | null,
    ): Promise<RowAddress> => {
      this.beforeCall("change");
      changes.push([objectId, slot, values]);
      return addressOf(slot);
    };
    return {
      conId,
      insert: async (objectId, values) => change(objectId, (this.#slot += 1), values),
      update: async (objectId, row, values) => change(objectId, row.slot, values),
      delete: async (objectId, row) => {
        await change(objectId, row.slot, null);
      },
      lock: async () => false,
      savepoint: () => changes.length,
      rollbackTo: async (savepoint) => {
        changes.length = savepoint;
      },
      commit: async () => {
        this.beforeCall("commit");
        this.#scn += 1n;
        for (const [objectId, slot, values] of changes) this.#apply(objectId, slot, values);
        this.beforeAnswer();
        return this.#scn;
      },
      rollback: async () => {
        changes.length = 0;
      },
    };
  }

  #apply(objectId: number, slot: number, values: readonly SqlValue[] | null): void {
    const rows = this.committed.get(objectId);
    if (values === null) rows?.delete(String(slot));
    else rows?.set(String(slot), values);
  }
}

export function lostConnection(): OraError {
  return new OraError(3113, "end-of-file on communication channel");
}

function addressOf(slot: number): RowAddress {
  return { file: 1, block: 9, slot };
}

const userTablespace: TablespaceRecord = {
  conId: 3,
  ts: 5,
  name: "USERS",
  contents: "PERMANENT",
  bigfile: false,
  blockSize: 8192,
};
const userFile: DatafileRecord = {
  ...(smallControlFile().datafiles.find((file) => file.conId === 3) as DatafileRecord),
  enabled: "READ WRITE",
};

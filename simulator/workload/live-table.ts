import type { SqlValue } from "../engine/values.ts";
import type { Instance, RowAddress } from "../instance/api.ts";
import { rowKey } from "./canonical.ts";
import { type CommittedHistory, tableKey } from "./committed-history.ts";
import type { TableKind } from "./table-kinds.ts";

/** What the workload needs of an instance. */
export type WorkloadInstance = Pick<
  Instance,
  "controlFile" | "openMode" | "pdbOpenMode" | "currentScn" | "tables" | "createTable" | "readRows" | "begin"
>;

export interface LiveRow {
  readonly address: RowAddress;
  readonly values: readonly SqlValue[];
}

/** A table of the workload as it is now, with open changes in it. */
export interface LiveTable {
  /** Key in the history. */
  readonly key: string;
  readonly kind: TableKind;
  readonly conId: number;
  readonly objectId: number;
  readonly rows: Map<string, LiveRow>;
  /** Keys that an open transaction changed: no other session touches them, so nobody waits. */
  readonly held: Set<string>;
  nextId: number;
}

export interface Home {
  readonly conId: number;
  readonly container: string;
  readonly tablespace: string;
}

const SYSTEM_TABLESPACES = new Set(["SYSTEM", "SYSAUX"]);

/** Tablespaces for user data that can be written now, in containers that are open. */
export function homes(instance: WorkloadInstance): Home[] {
  const model = instance.controlFile;
  if (model === undefined) return [];
  return model.tablespaces
    .filter((tablespace) => tablespace.contents === "PERMANENT" && !SYSTEM_TABLESPACES.has(tablespace.name))
    .filter(({ conId }) => (conId <= 1 ? instance.openMode : instance.pdbOpenMode(conId)) === "READ WRITE")
    .filter(({ conId, ts }) => {
      const files = model.datafiles.filter((file) => file.conId === conId && file.ts === ts);
      return (
        files.length > 0 && files.every((file) => file.enabled === "READ WRITE" && file.status === "ONLINE")
      );
    })
    .map(({ conId, name }) => ({ conId, tablespace: name, container: containerName(instance, conId) }));
}

function containerName(instance: WorkloadInstance, conId: number): string {
  return instance.controlFile?.containers.find((record) => record.conId === conId)?.name ?? "CDB$ROOT";
}

/** Creates the table, or takes the one that an earlier workload left, with its rows as they are committed now. */
export async function openTable(
  instance: WorkloadInstance,
  home: Home,
  kind: TableKind,
  options: { name: string; history: CommittedHistory },
): Promise<LiveTable> {
  const { conId, container, tablespace } = home;
  const wanted = { owner: conId === 1 ? "C##APP" : "APP", name: options.name };
  const shape = { ...wanted, container, columns: kind.columns };
  const existing = instance
    .tables(conId)
    .find((table) => table.owner === wanted.owner && table.name === wanted.name);
  const definition =
    existing ?? (await instance.createTable(conId, { ...wanted, tablespace, columns: kind.columns }));
  options.history.addTable(shape);
  const table: LiveTable = {
    key: tableKey(shape),
    kind,
    conId,
    objectId: definition.objectId,
    rows: new Map(),
    held: new Set(),
    nextId: 1,
  };
  if (existing !== undefined) takeRows(instance, table, options.history);
  return table;
}

function takeRows(instance: WorkloadInstance, table: LiveTable, history: CommittedHistory): void {
  for (const row of instance.readRows(table.conId, table.objectId)) {
    table.rows.set(rowKey(row.values), { address: row.address, values: row.values });
    table.nextId = Math.max(table.nextId, Number(row.values[0]) + 1);
  }
  const changes = [...table.rows].map(([key, row]) => ({ table: table.key, key, values: row.values }));
  history.committed(instance.currentScn(), changes);
}

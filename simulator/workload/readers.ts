import type { SqlValue } from "../engine/values.ts";
import { DATE_FORMAT } from "./canonical.ts";
import type { TableShape } from "./committed-history.ts";
import type { TableReader } from "./compare.ts";
import type { WorkloadInstance } from "./live-table.ts";

/** Reads through the instance's buffer cache: the current rows, or those at `scn`. */
export function instanceReader(instance: WorkloadInstance, scn?: bigint): TableReader {
  return async (shape) => {
    const conId = conIdOf(instance, shape.container);
    if (conId === undefined) return undefined;
    const table = instance
      .tables(conId)
      .find((known) => known.owner === shape.owner && known.name === shape.name);
    if (table === undefined) return undefined;
    const rows = instance.readRows(conId, table.objectId, scn === undefined ? {} : { scn });
    return Iterator.from(rows).map((row) => row.values);
  };
}

/** Reads by SQL. `query` runs in the named container; its rows have lower-case keys, as the agent's database port gives them. */
export function queryReader(
  query: (
    container: string,
    sql: string,
  ) => Promise<readonly Readonly<Record<string, string | number | null>>[]>,
  scn?: bigint,
): TableReader {
  return async (shape) => {
    const rows = await query(shape.container, selectAll(shape, scn));
    return rows.map((row) => shape.columns.map((column): SqlValue => row[column.name.toLowerCase()] ?? null));
  };
}

export function selectAll(shape: TableShape, scn?: bigint): string {
  const columns = shape.columns.map(({ name, type }) =>
    type === "DATE" ? `to_char(${name}, '${DATE_FORMAT}') as ${name}` : name,
  );
  const asOf = scn === undefined ? "" : ` as of scn ${scn}`;
  return `select ${columns.join(", ")} from "${shape.owner}"."${shape.name}"${asOf}`;
}

function conIdOf(instance: WorkloadInstance, container: string): number | undefined {
  return instance.controlFile?.containers.find((record) => record.name === container)?.conId;
}

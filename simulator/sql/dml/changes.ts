import type { SqlValue } from "../../engine/values.ts";
import type { TableDefinition } from "../../instance/api.ts";
import type { ViewWorld } from "../dictionary/view.ts";
import { fail, failAt } from "../errors.ts";
import { formatMoment, parseMoment } from "../runtime/date-format.ts";

import { localDate, momentFromDateValue, momentToDateValue } from "../runtime/moment.ts";
import { numberText, storedNumber } from "../runtime/stored-value.ts";
import { isMoment, isText, parsedType, type ResultType } from "../translate/types.ts";

/** A value as the column takes it: converted, checked for size and for NOT NULL. */
export function columnValue(
  world: ViewWorld,
  table: TableDefinition,
  index: number,
  value: SqlValue,
  updating: boolean,
): SqlValue {
  const column = table.columns[index];
  if (column === undefined) throw fail(913);
  const spelled = `"${table.owner}"."${table.name}"."${column.name}"`;
  if (value === null || value === "") {
    if (!column.nullable) throw fail(updating ? 1407 : 1400, spelled);
    return null;
  }
  const type = parsedType(column.type, column.nullable);
  if (type.type === "NUMBER") return numberValue(value, type);
  if (isMoment(type)) return momentValue(world, value, type);
  if (isText(type)) return textValue(world, value, type, spelled);
  return value;
}

function numberValue(value: SqlValue, type: ResultType): SqlValue {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint")
    throw fail(932, "NUMBER", "-");
  const stored = storedNumber(value);
  if (type.precision === undefined)
    return typeof value === "string" && /^-?\d+$/.test(value.trim()) ? value.trim() : numberText(stored);
  const scale = type.scale ?? 0;
  const rounded =
    typeof stored === "bigint" && scale >= 0
      ? stored
      : storedNumber(Number(Number(stored).toFixed(Math.max(scale, 0))));
  if (Math.abs(Number(rounded)) >= 10 ** (type.precision - scale)) throw fail(1438);
  return numberText(rounded);
}

function momentValue(world: ViewWorld, value: SqlValue, type: ResultType): SqlValue {
  const { session, core } = world;
  if (typeof value === "string") {
    const model =
      session.nls.get(type.type === "DATE" ? "NLS_DATE_FORMAT" : "NLS_TIMESTAMP_FORMAT") ?? "DD-MON-RR";
    return momentToDateValue(parseMoment(value, model, localDate(core.instance.now(), core.zoneMinutes)));
  }
  if (value === null || typeof value !== "object" || Buffer.isBuffer(value) || value.kind !== "date")
    throw fail(932, type.type, "NUMBER");
  if (type.type === "TIMESTAMP WITH TIME ZONE") return value;
  const moment = momentFromDateValue(value);
  const wall = {
    seconds: moment.seconds + (moment.zoneMinutes ?? 0) * 60,
    nanos: type.type === "DATE" ? 0 : moment.nanos,
  };
  return momentToDateValue(wall);
}

function textValue(world: ViewWorld, value: SqlValue, type: ResultType, spelled: string): SqlValue {
  const text = plainText(world, value);
  if (type.type === "CLOB" || type.type === "LONG") return text;
  const size = Buffer.byteLength(text);
  if (size > type.size) throw fail(12_899, spelled, size, type.size);
  return type.type === "CHAR" ? text.padEnd(type.size) : text;
}

function plainText(world: ViewWorld, value: SqlValue): string {
  if (value !== null && typeof value === "object" && !Buffer.isBuffer(value)) {
    if (value.kind === "clob") return value.data.toString("utf8");
    if (value.kind === "date")
      return formatMoment(
        momentFromDateValue(value),
        world.session.nls.get("NLS_DATE_FORMAT") ?? "DD-MON-RR",
        world.core.zoneMinutes,
      );
    throw fail(932, "CHAR", "BLOB");
  }
  return Buffer.isBuffer(value) ? value.toString("hex").toUpperCase() : String(value);
}

/** ORA-00904 for a name that is no column. */
export function columnIndex(table: TableDefinition, name: string, position: number): number {
  const index = table.columns.findIndex((column) => column.name === name);
  if (index < 0) throw failAt(position, 904, `"${name}"`);
  return index;
}

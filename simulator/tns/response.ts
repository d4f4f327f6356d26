import type { Column } from "../engine/values.ts";
import { encodeDate } from "./date.ts";
import { since } from "./profiles.ts";
import { wireTypes } from "./wire-types.ts";
import type { TtcWriter } from "./writer.ts";

/** What the layout of a response depends on. */
export interface ResponseContext {
  readonly fieldVersion: number;
  readonly wideScale: boolean;
  /** Number that the client gave to the call. */
  readonly sequence: number;
  /** Counts the calls of the session. */
  readonly callCount: number;
  readonly inTransaction: boolean;
}

const message = { error: 4, parameters: 8, status: 9, bindDirections: 11, warning: 15, describe: 16 };
const UTF8_CHARSET = 873;
const NATIONAL_CHARSET = 2000;
const IN_TRANSACTION = 2;

export interface RowId {
  readonly rba: number;
  readonly partition: number;
  readonly block: number;
  readonly slot: number;
}

/** End of a call: success, the end of the rows, or a failure. */
export interface Outcome {
  readonly code?: number;
  /** With its ORA- code, one line or several. */
  readonly text?: string;
  readonly position?: number;
  readonly cursor?: number;
  readonly rows?: number;
  readonly rowId?: RowId | undefined;
  readonly sqlType?: number;
  readonly batchErrors?: readonly BatchError[];
}

export interface BatchError {
  readonly code: number;
  readonly text: string;
  /** Index of the execution. */
  readonly row: number;
}

const NO_ROW: RowId = { rba: 0, partition: 0, block: 0, slot: 0 };
/** A failing statement names no row. */
const FAILED_ROW: RowId = { rba: 0xffff_ffff, partition: 0, block: 0, slot: 0 };
const LARGEST_SHORT_CODE = 65_535;

export function writeOutcome(writer: TtcWriter, context: ResponseContext, outcome: Outcome): void {
  const code = outcome.code ?? 0;
  const sqlType = outcome.sqlType ?? 0;
  const rows = outcome.rows ?? 0;
  const failed = code !== 0 && code !== NO_DATA_FOUND;
  writer
    .u8(message.error)
    .int(callStatus(context))
    .int(context.callCount & 0xffff)
    .int(rows);
  writer.ints(code > LARGEST_SHORT_CODE ? 0 : code, 0, 0, outcome.cursor ?? 0);
  writer.int(Math.max(0, outcome.position ?? 0));
  writer.u8(sqlType).u8(0).u8(0).u8(0).u8(0).u8(0);
  writeRowId(writer, outcome.rowId ?? (failed ? FAILED_ROW : NO_ROW));
  writer.int(0).u8(0).u8(context.sequence).ints(0, 0, 0);
  writeBatchErrors(writer, outcome.batchErrors ?? []);
  writer.int(code).int(rows);
  if (context.fieldVersion >= since.errorSqlType) writer.int(sqlType).int(0);
  if (code !== 0) writer.text(`${outcome.text ?? ""}\n`);
}

export const NO_DATA_FOUND = 1403;

function callStatus(context: ResponseContext): number {
  return 1 | (context.inTransaction ? IN_TRANSACTION : 0);
}

export function writeRowId(writer: TtcWriter, rowId: RowId): void {
  writer.int(rowId.rba).int(rowId.partition).u8(0).int(rowId.block).int(rowId.slot);
}

function writeBatchErrors(writer: TtcWriter, errors: readonly BatchError[]): void {
  if (errors.length === 0) {
    writer.ints(0, 0, 0);
    return;
  }
  writer.int(errors.length).u8(1);
  for (const error of errors) writer.int(error.code);
  writer.int(errors.length).u8(1);
  for (const error of errors) writer.int(error.row);
  writer.int(errors.length).u8(1);
  for (const error of errors) writer.int(0).text(`${error.text}\n`).u16be(0);
}

/** End of a call that has nothing to tell. */
export function writeStatus(writer: TtcWriter, context: ResponseContext): void {
  writer
    .u8(message.status)
    .int(callStatus(context))
    .int(context.callCount & 0xffff);
}

/** ORA-28002 and the like: the call succeeded all the same. */
export function writeWarning(writer: TtcWriter, code: number, text: string): void {
  writer.u8(message.warning).int(code).int(Buffer.byteLength(text)).int(0).text(text);
}

const SCHEMA_KEYWORD = 168;

/** What an execution returns besides rows. `schema`: echo of a schema that the client set. */
export function writeParameters(
  writer: TtcWriter,
  extra: {
    readonly scn: number;
    readonly schema?: string | undefined;
    readonly rowCounts?: readonly number[];
  },
): void {
  writer.u8(message.parameters).int(6).ints(extra.scn, 0, 0, 0, 0, 0).int(0);
  if (extra.schema === undefined) writer.int(0);
  else writer.int(1).longText(extra.schema).int(0).int(SCHEMA_KEYWORD);
  writer.int(0);
  if (extra.rowCounts !== undefined) writer.int(extra.rowCounts.length).ints(...extra.rowCounts);
}

const direction = { out: 16, in: 32, "in-out": 48 } as const;
export type BindDirection = keyof typeof direction;

export function writeDirections(writer: TtcWriter, directions: readonly BindDirection[]): void {
  writer.u8(message.bindDirections).u8(0);
  writer.int(directions.length % 256).int(Math.floor(directions.length / 256));
  writer.ints(1, 0, 0, 0);
  for (const each of directions) writer.u8(direction[each]);
}

/** When the shape of a result was fixed; a constant keeps captures comparable. */
const DESCRIBED_AT = encodeDate(
  { kind: "date", year: 2025, month: 1, day: 1, hour: 0, minute: 0, second: 0, nanos: 0 },
  7,
);
const DESCRIBE_ID = Buffer.concat([Buffer.from("umbra-describe-1"), DESCRIBED_AT]);

/** Describe message of a statement. */
export function writeDescribe(writer: TtcWriter, context: ResponseContext, columns: readonly Column[]): void {
  writer.u8(message.describe).bytes(DESCRIBE_ID);
  writeDescribeBody(writer, context, columns);
}

/** Columns alone, as they stand inside a cursor value too. */
export function writeDescribeBody(
  writer: TtcWriter,
  context: ResponseContext,
  columns: readonly Column[],
): void {
  writer.int(columns.reduce((sum, column) => sum + column.size, 0)).int(columns.length);
  if (columns.length > 0) writer.u8(0x82);
  for (const [index, column] of columns.entries()) writeColumn(writer, context, column, index);
  writer.int(DESCRIBED_AT.length).bytes(DESCRIBED_AT).ints(1, 8168, 10, 10, 0);
}

/** Types whose scale is a wide integer in the older dialect. */
const wideScaleTypes: ReadonlySet<string> = new Set([
  "NUMBER",
  "TIMESTAMP",
  "TIMESTAMP WITH TIME ZONE",
  "TIMESTAMP WITH LOCAL TIME ZONE",
]);
const HAS_INDICATOR = 0x80;
const TEXT_COLUMN_ID = 0x3ffe;
/** Scale of a NUMBER that was declared without one. */
const NO_SCALE = -127;

function writeColumn(writer: TtcWriter, context: ResponseContext, column: Column, index: number): void {
  const { code, form } = wireTypes[column.type];
  const isText = form !== 0;
  const isNumber = column.type === "NUMBER";
  const scale = column.scale ?? (isNumber ? NO_SCALE : 0);
  writer
    .u8(code)
    .u8(isNumber ? 0 : HAS_INDICATOR)
    .u8(column.precision ?? 0);
  if (context.wideScale && wideScaleTypes.has(column.type)) writer.int(scale);
  else writer.u8(scale);
  writer.ints(column.size, 0, 0, 0, 0, charsets[form] ?? 0);
  writer.u8(form).int(isText ? column.size : 0);
  if (context.fieldVersion >= since.columnObjectId) writer.int(isText ? TEXT_COLUMN_ID : 0);
  writer.u8(column.nullable ? 1 : 0).u8(Math.min(30, column.name.length));
  writer.longText(column.name).ints(0, 0, index, 0);
  writeNewerFields(writer, context.fieldVersion);
}

/** Charset by the form of a text. */
const charsets = [0, UTF8_CHARSET, NATIONAL_CHARSET];

/** Fields of a column that came with 23: domain, annotations, vector. */
function writeNewerFields(writer: TtcWriter, fieldVersion: number): void {
  if (fieldVersion >= since.columnDomain) writer.ints(0, 0);
  if (fieldVersion >= since.columnAnnotations) writer.int(0);
  if (fieldVersion >= since.columnVector) writer.int(0).u8(0).u8(0);
}

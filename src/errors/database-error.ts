import { isUmbraError, UmbraError } from "./umbra-error.ts";

/** After these the session is dead: the driver closes its socket itself. */
const LOST = new Set([
  28, 31, 600, 602, 603, 1012, 1041, 1043, 1089, 1092, 2396, 3113, 3114, 3122, 3135, 12_153, 12_537, 12_547,
  12_570, 12_583, 27_146, 28_511, 56_600,
]);

type DatabaseCode =
  | "UMB-5101"
  | "UMB-5102"
  | "UMB-5103"
  | "UMB-5104"
  | "UMB-5105"
  | "UMB-5106"
  | "UMB-5107"
  | "UMB-5204";

const CODES: ReadonlyMap<number, DatabaseCode> = new Map([
  ...codes("UMB-5101", [12_154, 12_170, 12_541, 12_543, 12_545, 12_560]),
  ...codes("UMB-5102", [12_505, 12_514]),
  ...codes("UMB-5103", [1033, 1034, 1035, 12_516, 12_520, 12_526, 27_101]),
  ...codes("UMB-5104", [988, 1005, 1017, 28_009]),
  ...codes("UMB-5105", [28_000, 28_001]),
  ...codes("UMB-5106", [942, 1031]),
  ...codes("UMB-5107", [12_527, 12_528]),
  ...codes("UMB-5204", [1013]),
]);

function codes(code: DatabaseCode, ora: readonly number[]): [number, DatabaseCode][] {
  return ora.map((number) => [number, code]);
}

/**
 * The error for an ORA- code, the same by whichever way the database is reached. `message` holds the database's lines as
 * they came. Which statement it was belongs to the caller's own context, never into `message`: statements may be long.
 */
export function databaseError(
  ora: number,
  message: string,
  options: { readonly cause?: unknown } = {},
): UmbraError {
  if (LOST.has(ora)) return new UmbraError("UMB-5202", { ora, message, lost: true }, options);
  return new UmbraError(CODES.get(ora) ?? "UMB-5201", { ora, message, lost: false }, options);
}

/** Number of the ORA- code behind an error of umbra's; undefined where there is none. */
export function oraCodeOf(error: unknown): number | undefined {
  const ora = contextOf(error)["ora"];
  return typeof ora === "number" ? ora : undefined;
}

/** True where the session is gone and the outcome of its last statement is unknown. */
export function connectionLost(error: unknown): boolean {
  return contextOf(error)["lost"] === true;
}

function contextOf(error: unknown): Readonly<Record<string, unknown>> {
  return isUmbraError(error) ? { ...error.context } : {};
}

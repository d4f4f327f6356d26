import { databaseError } from "../../errors/database-error.ts";
import { isUmbraError, UmbraError } from "../../errors/umbra-error.ts";

/** Codes of the driver after which its session is gone. */
const LOST = new Set(["NJS-003", "NJS-500", "NJS-501", "NJS-503", "NJS-506", "NJS-521", "NJS-123"]);

/** The driver's own codes for what the listener said: unknown service, unknown SID. */
const LISTENER: Readonly<Record<string, number>> = { "NJS-518": 12_514, "NJS-519": 12_505 };

/** While no session is there yet, a lost connection is one that was not made: no statement is in doubt. */
export type Phase = "connecting" | "connected";

/**
 * umbra's error for one of the driver's. `secrets` are cut out of its text; the driver's error is not kept as the cause,
 * because it may hold the attributes of the connection.
 */
export function driverError(error: unknown, phase: Phase, secrets: readonly string[] = []): UmbraError {
  if (isUmbraError(error)) return error;
  const message = driverMessage(error, secrets);
  const ora = oraNumber(error, message);
  if (phase === "connecting") return connectError(ora, message);
  if (LOST.has(njsCode(error, message))) return new UmbraError("UMB-5202", { ora, message, lost: true });
  if (ora !== null) return databaseError(ora, message);
  return new UmbraError("UMB-5201", { ora, message, lost: false });
}

function connectError(ora: number | null, message: string): UmbraError {
  const known = ora === null ? undefined : databaseError(ora, message);
  if (known !== undefined && known.code !== "UMB-5202" && known.code !== "UMB-5201") return known;
  const refused = LISTENER[njsCode(undefined, message)];
  if (refused !== undefined) return databaseError(refused, message);
  if (/NJS-116\b/.test(message)) return new UmbraError("UMB-5104", { ora, message, lost: false });
  return new UmbraError("UMB-5101", { ora, message, lost: false });
}

/** The driver's text without its advice and without secrets. */
export function driverMessage(error: unknown, secrets: readonly string[]): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("Help: "));
  return secrets
    .filter((secret) => secret !== "")
    .reduce((message, secret) => message.replaceAll(secret, "***"), lines.join("\n"));
}

function oraNumber(error: unknown, message: string): number | null {
  const number = (error as { errorNum?: unknown } | null)?.errorNum;
  const isOracle = njsCode(error, message) === "";
  if (isOracle && typeof number === "number" && number > 0) return number;
  const inText = /\bORA-(\d{5})\b/.exec(message)?.[1];
  return inText === undefined ? null : Number(inText);
}

function njsCode(error: unknown, message: string): string {
  const code = (error as { code?: unknown } | null)?.code;
  const text = typeof code === "string" && code.startsWith("NJS-") ? code : message;
  return /^NJS-\d{3}/.exec(text)?.[0] ?? "";
}

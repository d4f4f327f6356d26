import { catalogue, type ErrorCode, type ErrorContext } from "../errors/catalogue.ts";
import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";
import type { FarError } from "./protocol.ts";

/** An error as it is sent. What is not umbra's is a bug there. */
export function sentError(error: unknown): FarError {
  if (isUmbraError(error)) {
    return { code: error.code, context: error.context, message: error.message };
  }
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "UMB-1001", context: { what }, message: what };
}

/** The same error on this side, with the name that the host has here. A code that a newer umbra has is told with its text (UMB-7225). */
export function receivedError(host: string, { code, context, message }: FarError): UmbraError {
  if (!Object.hasOwn(catalogue, code)) return new UmbraError("UMB-7225", { host, code, message });
  const named = isRecord(context) && typeof context["host"] === "string" ? { ...context, host } : context;
  return new UmbraError(code as ErrorCode, named as ErrorContext<ErrorCode>);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

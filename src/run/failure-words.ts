import { isUmbraError } from "../errors/umbra-error.ts";

export function codeOf(error: unknown): string {
  return isUmbraError(error) ? error.code : "UMB-1001";
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `UMB-6102: …`, as the journal keeps it. */
export function failureText(error: unknown): string {
  return `${codeOf(error)}: ${messageOf(error)}`;
}

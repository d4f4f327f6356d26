import type { ControlFile } from "../instance/control-file.ts";

/** Keys that mark a value which JSON does not have. */
const SCN_TAG = "$scn";
const TIME_TAG = "$at";

export function controlFileToJson(model: ControlFile): string {
  return JSON.stringify(model, function (this: Record<string, unknown>, key, value: unknown) {
    const original = this[key];
    if (original instanceof Date) return { [TIME_TAG]: original.toISOString() };
    return typeof value === "bigint" ? { [SCN_TAG]: value.toString() } : value;
  });
}

export function controlFileFromJson(text: string): ControlFile {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if (SCN_TAG in value) return BigInt(String(value[SCN_TAG]));
    return TIME_TAG in value ? new Date(String(value[TIME_TAG])) : value;
  }) as ControlFile;
}

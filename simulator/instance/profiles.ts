import type { InstanceProfile } from "./api.ts";

export type ProfileName = InstanceProfile["name"];

export const PROFILES: Readonly<
  Record<ProfileName, InstanceProfile & { readonly compatible: string; readonly compatibleWord: number }>
> = {
  "12.2": {
    name: "12.2",
    version: [12, 2, 0, 1, 0],
    edition: "EE",
    compatible: "12.2.0",
    compatibleWord: 0x0c_20_00_00,
  },
  "19c": {
    name: "19c",
    version: [19, 21, 0, 0, 0],
    edition: "EE",
    compatible: "19.0.0",
    compatibleWord: 0x13_00_00_00,
  },
  "23ai": {
    name: "23ai",
    version: [23, 6, 0, 24, 10],
    edition: "EE",
    compatible: "23.6.0",
    compatibleWord: 0x17_06_00_00,
  },
};

/** The version of an instance follows from COMPATIBLE in its parameters. */
export function profileOf(compatible: string | undefined): ProfileName {
  if (compatible?.startsWith("12.") === true) return "12.2";
  return compatible?.startsWith("23.") === true ? "23ai" : "19c";
}

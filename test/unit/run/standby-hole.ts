import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "vitest";

import { UmbraError } from "../../../src/errors/umbra-error.ts";
import { verifyLogs } from "../../../src/run/logs-verify.ts";
import type { World } from "../../../src/run/world.ts";
import { type StandbyLogs, standbyLogs } from "../../rigs/standby-logs.ts";

export async function classes(world: World): Promise<string> {
  const looked = await verifyLogs(world, { deep: true });
  return looked.ok ? looked.report.logs.map((log) => log.class).join(" ") : "refused";
}

/** Three logs in the area, of which the middle one is nowhere but at the standby. */
export async function withHole(options?: Parameters<typeof standbyLogs>[0]) {
  const rig = await standbyLogs(options);
  await rig.switched(2);
  const [, name = ""] = rig.names();
  rig.lose(name);
  return { rig, name };
}

/** It lies in the area as it lies at the standby, and nothing else does. */
export function expectBrought(rig: StandbyLogs, name: string): void {
  expect(readFileSync(join(rig.area, name))).toEqual(readFileSync(join(rig.arrived, name)));
  expect(rig.hidden()).toEqual([]);
}

export const lostConnection = () => {
  throw new UmbraError("UMB-7203", { host: "far", program: "umbra remote" });
};

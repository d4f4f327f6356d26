import { afterAll, beforeAll, describe, test } from "vitest";

import type { ProfileName } from "../../../../simulator/tns/profiles.ts";
import { served, type Driver, type Served } from "../served.ts";
import { callSteps } from "./calls.ts";
import { sessionSteps } from "./sessions.ts";
import { typeSteps } from "./types.ts";
import { writeSteps } from "./writes.ts";
import { oracledb, oracledb26 } from "../../../rigs/drivers.ts";

const drivers: readonly (readonly [name: string, driver: Driver])[] = [
  ["oracledb 7", oracledb],
  ["oracledb 26", oracledb26],
];

/** What both drivers must find on a container database of this release: all the way from the network into its blocks. */
export function acceptance(profile: ProfileName): void {
  describe.each(drivers)(`%s on an instance of ${profile}`, (_, driver) => {
    let rig: Served;
    beforeAll(async () => {
      rig = await served({
        driver,
        database: { profile, cdb: true, pdbs: ["PDB1"], totalBytes: 12_000_000 },
      });
    });
    afterAll(() => rig[Symbol.asyncDispose]());

    test.each([...typeSteps, ...writeSteps, ...callSteps, ...sessionSteps])("%s", (_promise, keep) =>
      keep(rig),
    );
  });
}

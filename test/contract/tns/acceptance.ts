import { afterAll, beforeAll, describe, test } from "vitest";

import type { ProfileName } from "../../../simulator/tns/profiles.ts";
import { drivers, makeRig } from "./rig.ts";
import type { Rig } from "./rig.ts";
import { bindSteps } from "./steps/binds.ts";
import { lobSteps } from "./steps/lobs.ts";
import { loginSteps } from "./steps/login.ts";
import { querySteps } from "./steps/query.ts";
import { sessionSteps } from "./steps/session.ts";
import { writeSteps } from "./steps/writes.ts";

const steps = [...loginSteps, ...querySteps, ...bindSteps, ...writeSteps, ...lobSteps, ...sessionSteps];

/** What both drivers must find on a server of this release. */
export function acceptance(profile: ProfileName): void {
  describe.each(drivers)(`%s on ${profile}`, (_, driver) => {
    let rig: Rig;
    beforeAll(async () => {
      rig = await makeRig(driver, profile);
    });
    afterAll(() => rig.listener.close());

    test.each(steps)("%s", (_promise, keep) => keep(rig));
  });
}

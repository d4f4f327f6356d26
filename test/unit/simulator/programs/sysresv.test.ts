import { expect, test } from "vitest";

import { sysresv } from "../../../../simulator/programs/sysresv.ts";
import { programRig } from "./program-rig.ts";

test("sysresv tells whether the SID has shared memory, and knows no other SID", async () => {
  await using rig = await programRig();
  const alive = await rig.run(sysresv, []);
  expect(alive.output).toMatch(
    /Shared Memory:\nID +KEY\n\d+ +0x[\s\S]*Oracle Instance alive for sid "ORCL"/u,
  );
  const other = await rig.run(sysresv, [], { env: { ORACLE_SID: "OTHER" } });
  expect(other.output).toContain('Oracle Instance not alive for sid "OTHER"');
  await rig.host.engine.shutdown("IMMEDIATE");
  const down = await rig.run(sysresv, []);
  expect(down.output).toMatch(/No shared memory segments used[\s\S]*not alive for sid "ORCL"/u);
});

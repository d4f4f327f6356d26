import { join } from "node:path";

import { systemClock } from "../../src/adapters/clock.ts";
import { createSqlplusControl } from "../../src/adapters/sqlplus/sqlplus-control.ts";
import type { ColdMode } from "../../src/domain/plan.ts";
import { backupCold } from "../../src/run/backup-cold.ts";
import { copiedPictures } from "../rigs/copied-pictures.ts";
import { type AgentPlace, dieIf, runAgent, told } from "./dying.ts";

/** When to die: around the durable write that notes this, or in the n-th copy. */
export type ColdDeath =
  | { readonly at: "before" | "after"; readonly what: string }
  | { readonly at: "copy"; readonly copy: number };

export interface ColdAgentSpec extends AgentPlace {
  readonly mode: ColdMode;
  readonly death: ColdDeath;
}

/** Takes one cold backup. */
const { mode, death, ...place } = await told<ColdAgentSpec>();
const dieAt = (at: ColdDeath["at"]) => (_write: number, what: string) =>
  dieIf(death.at === at && "what" in death && death.what === what);

await runAgent(
  {
    ...place,
    config: { cold: { mode } },
    writes: { before: dieAt("before"), after: dieAt("after") },
    inCopy: (copy) => dieIf(death.at === "copy" && death.copy === copy),
    more: (host) => ({
      picture: copiedPictures(),
      instance: createSqlplusControl({
        host,
        clock: systemClock,
        oracleHome: join(place.directory, "home"),
        sid: "ORCL",
        privilege: "sysbackup",
      }),
    }),
  },
  (world) => backupCold(world),
);

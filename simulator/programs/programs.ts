import type { ProgramName } from "./door-protocol.ts";
import type { Program } from "./program.ts";
import { lsnrctl } from "./lsnrctl.ts";
import { rman } from "./rman/rman.ts";
import { sqlplus } from "./sqlplus/sqlplus.ts";
import { srvctl } from "./srvctl/srvctl.ts";
import { sysresv } from "./sysresv.ts";

/** Programs of the simulated ORACLE_HOME that need the instance. */
export const programs: Readonly<Record<ProgramName, Program>> = { lsnrctl, rman, sqlplus, srvctl, sysresv };

import type { Program } from "./program.ts";

const SEGMENT = "65536           0x8c3f1a24";
const SEMAPHORES = "98304           0x5ed8a0f0";

/** The simulated sysresv: shared memory of the SID in the environment, and whether its instance lives. */
export const sysresv: Program = async (host, { env, say }) => {
  const { ORACLE_HOME: home, ORACLE_SID: sid = "" } = env;
  const own = home === host.oracleHome && sid === host.sid;
  const alive = own && host.instance.state !== "IDLE";
  const memory = alive
    ? `ID              KEY\n${SEGMENT}`
    : "ID              KEY\nNo shared memory segments used";
  const semaphores = alive
    ? `ID              KEY\n${SEMAPHORES}`
    : "ID              KEY\nNo semaphore resources used";
  say(`\nIPC Resources for ORACLE_SID "${sid}" :\nShared Memory:\n${memory}\nSemaphores:\n${semaphores}\n`);
  say(`Oracle Instance ${alive ? "" : "not "}alive for sid "${sid}"\n`);
  return 0;
};

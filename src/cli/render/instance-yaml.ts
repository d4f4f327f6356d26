import type { FoundDatabase } from "../../discover/host/found.ts";
import { scalar } from "./yaml-scalar.ts";

/** What the configuration takes for a SID or a unique name. */
const NAME = /^[A-Za-z][A-Za-z0-9_$#]{0,29}$/u;

/** How the instance is stopped and started, as far as it was tried; else why it is not written. */
export function instanceLines(found: FoundDatabase): readonly string[] {
  const { home, sid, uniqueName, privilege, seenIn } = found;
  if (home === undefined) return ["    # instance: its home is not known, so umbra cannot stop and start it"];
  const of = (lines: readonly string[]) => ["    instance:", ...lines.map((line) => `      ${line}`)];
  const oracleHome = `oracle-home: ${scalar(home.value)}`;
  if (seenIn.includes("clusterware") && uniqueName !== undefined && NAME.test(uniqueName.value))
    return of(["by: srvctl", oracleHome, `unique-name: ${scalar(uniqueName.value)}`]);
  if (sid === undefined || privilege === undefined || !NAME.test(sid.value))
    return ["    # instance: sqlplus did not let umbra's account in, so umbra cannot stop and start it"];
  return of(["by: sqlplus", oracleHome, `sid: ${scalar(sid.value)}`, `privilege: ${privilege}`]);
}

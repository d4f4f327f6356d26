import { describe, expect, test } from "vitest";

import { systemClock } from "../../../src/adapters/clock.ts";
import { createLocalHost } from "../../../src/adapters/host/local-host.ts";
import { createSqlplusControl } from "../../../src/adapters/sqlplus/sqlplus-control.ts";
import { call, instanceRig } from "./rig.ts";

describe("instance control by sqlplus alone", () => {
  test.each(["NOMOUNT", "MOUNT"] as const)("startup goes on from %s", async (from) => {
    await using rig = await instanceRig("sqlplus");
    await rig.engine.shutdown("IMMEDIATE");
    await rig.instance.startup({ to: from });
    expect(await rig.control.startup({ to: "open" }, call)).toMatchObject({ changed: true });
    expect(rig.instance.state).toBe("OPEN");
  });

  test("a parameter file is used where it is named", async () => {
    await using rig = await instanceRig("sqlplus");
    const pfile = `${rig.base}/pfile for one start.ora`;
    await rig.instance.createPfile(pfile);
    await rig.engine.shutdown("IMMEDIATE");
    await rig.control.startup({ to: "mount", pfile: pfile as never }, call);
    expect(rig.instance.spfilePath).toBeUndefined();
    expect(rig.instance.state).toBe("MOUNT");
  });

  test("an account outside the groups of the database is told so", async () => {
    await using rig = await instanceRig("sqlplus", { groups: ["dba"] });
    await expect(rig.control.status(call)).rejects.toMatchObject({
      code: "UMB-5307",
      context: { ora: 1017, lost: false },
    });
  });

  test("the outcome does not depend on what WHENEVER SQLERROR counts", async () => {
    await using rig = await instanceRig("sqlplus", { sqlerrorCoversStartup: true });
    await rig.instance.beginBackup({ level: "database" });
    const refused = rig.control.shutdown({ mode: "immediate" }, call);
    await expect(refused).rejects.toMatchObject({ code: "UMB-5302", context: { ora: 1149 } });
    await rig.instance.endBackup({ level: "database" });
    expect(await rig.control.shutdown({ mode: "immediate" }, call)).toMatchObject({ changed: true });
  });

  test("a slash behind the ORACLE_HOME does not lead to another instance", async () => {
    await using rig = await instanceRig("sqlplus");
    const control = createSqlplusControl({
      host: createLocalHost({ copier: { copy: never, verify: never } }),
      clock: systemClock,
      oracleHome: `${rig.oracleHome}/`,
      sid: "ORCL",
      privilege: "sysdba",
    });
    expect(await control.status(call)).toMatchObject({ state: "open" });
  });
});

const never = () => Promise.reject(new Error("nothing is copied here"));

/* oxlint-disable vitest/no-standalone-expect -- these steps run inside the tests of acceptance.test.ts */
import { expect } from "vitest";

import { codesOf } from "../served.ts";
import { connected, rowsOf, type Step } from "./step.ts";

const whoAmI = "select sys_context('userenv','session_user'), sys_context('userenv','con_name') from dual";

export const sessionSteps: readonly Step[] = [
  connected("the driver learns the release, the service and the instance", async (connection, rig) => {
    expect(connection.oracleServerVersionString).toBe(rig.engine.identity.version.join("."));
    expect([connection.serviceName, connection.instanceName, connection.dbName]).toEqual([
      "ORCL",
      "ORCL",
      "ORCL",
    ]);
    expect(await connection.ping()).toBeUndefined();
    const [row] = await rig.dba.rows("select version, instance_name from v$instance");
    expect(row?.[1]).toBe("ORCL");
    expect(String(row?.[0]).split(".")[0]).toBe(String(rig.engine.identity.version[0]));
  }),
  [
    "each privilege is a user of its own",
    async (rig) => {
      const sys = { user: "sys", password: "oracle" };
      const logins = [
        [{ ...sys, privilege: rig.driver.SYSDBA }, "SYS"],
        [{ ...sys, privilege: rig.driver.SYSOPER }, "PUBLIC"],
        [{ user: "c##umbra", password: "umbra", privilege: rig.driver.SYSBACKUP }, "SYSBACKUP"],
        [{ user: "system", password: "oracle" }, "SYSTEM"],
      ] as const;
      for (const [login, user] of logins) {
        const connection = await rig.connect(login);
        expect(await rowsOf(connection, whoAmI)).toEqual([[user, "CDB$ROOT"]]);
        await connection.close();
      }
    },
  ],
  [
    "a login that may not be is refused with its code",
    async (rig) => {
      expect(await codesOf(rig.connect({ password: "wrong" }))).toEqual([1017]);
      expect(await codesOf(rig.connect({ privilege: rig.driver.SYSDBA }))).toEqual([1017]);
      expect(await codesOf(rig.connect({ user: "sys", password: "oracle" }))).toEqual([28_009]);
      await expect(rig.connect({ service: "NOWHERE" })).rejects.toThrow(/NJS-518[^]*NOWHERE/u);
      await rig.dba.run("create user c##locked identified by pw account lock");
      expect(await codesOf(rig.connect({ user: "c##locked", password: "pw" }))).toEqual([28_000]);
      await rig.dba.run("alter user c##locked account unlock password expire");
      expect(await codesOf(rig.connect({ user: "c##locked", password: "pw" }))).toEqual([28_001]);
      await rig.dba.run("drop user c##locked");
      expect(await codesOf(rig.connect({ user: "c##locked", password: "pw" }))).toEqual([1017]);
    },
  ],
  [
    "the service of a PDB leads into it, and an administrator changes the container of his session",
    async (rig) => {
      const inside = await rig.connect({ service: "PDB1" });
      expect(await rowsOf(inside, whoAmI)).toEqual([["APP", "PDB1"]]);
      await inside.close();
      expect(await rig.dba.rows(whoAmI, "PDB1")).toEqual([["SYS", "PDB1"]]);
      expect(await rig.dba.rows("select count(*) from v$datafile", "PDB1")).toEqual([[4]]);
      expect(await rig.dba.codes("alter session set container = PDB9")).toEqual([65_011]);
      expect(await rig.dba.value("select sys_context('userenv','con_id') from dual", "PDB1")).toBe("3");
    },
  ],
  [
    "tables of one container are unknown in another",
    async (rig) => {
      const inside = await rig.connect({ service: "PDB1" });
      await inside.execute("create table only_here (id number)");
      await inside.execute("insert into only_here values (1)", [], { autoCommit: true });
      const outside = await rig.connect();
      expect(await codesOf(outside.execute("select * from only_here"))).toEqual([942]);
      expect(await rowsOf(inside, "select * from only_here")).toEqual([[1]]);
      await inside.execute("drop table only_here");
      await Promise.all([inside.close(), outside.close()]);
    },
  ],
  [
    "a pool serves its connections again and again, and rolls back what is left open",
    async (rig) => {
      const connectString = `127.0.0.1:${rig.listener.port}/ORCL`;
      const pool = await rig.driver.createPool({
        user: "app",
        password: "app",
        connectString,
        poolMin: 1,
        poolMax: 3,
      });
      const first = await pool.getConnection();
      await first.execute("create table pooled (id number)");
      await first.close();
      const work = async (id: number) => {
        const connection = await pool.getConnection();
        await connection.execute("insert into pooled values (:1)", [id], { autoCommit: id % 2 === 0 });
        await connection.close();
      };
      // Not more at a time than the pool may open: the driver spins where a return with open work is waited for.
      for (let id = 0; id < 12; id += 3) await Promise.all([work(id), work(id + 1), work(id + 2)]);
      const last = await pool.getConnection();
      const rows = await rowsOf(last, "select id from pooled order by id");
      await last.execute("drop table pooled");
      await last.close();
      await pool.close(0);
      expect(rows).toEqual([[0], [2], [4], [6], [8], [10]]);
    },
  ],
  connected("a killed session is told so with its next call", async (connection, rig) => {
    const sql = "select sys_context('userenv','sid') from dual";
    const [[sid] = []] = await rowsOf(connection, sql);
    const serial = await rig.dba.value(`select serial# from v$session where sid = ${String(sid)}`);
    await rig.dba.run(`alter system kill session '${String(sid)},${String(serial)}'`);
    expect(await codesOf(connection.execute("select 1 from dual"))).toEqual([28]);
  }),
  connected("a session that is killed at once loses its connection", async (connection, rig) => {
    const [[sid] = []] = await rowsOf(connection, "select sys_context('userenv','sid') from dual");
    const serial = await rig.dba.value(`select serial# from v$session where sid = ${String(sid)}`);
    await rig.dba.run(`alter system kill session '${String(sid)},${String(serial)}' immediate`);
    await expect(connection.execute("select 1 from dual")).rejects.toThrow("NJS-5");
  }),
];

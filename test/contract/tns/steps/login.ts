/* oxlint-disable vitest/no-standalone-expect -- these steps run inside the tests of acceptance.ts */
import { expect } from "vitest";

import { rowsOf } from "../rig.ts";
import type { Rig, Step } from "../rig.ts";

async function userAfterLogin(rig: Rig, user: string, password: string, privilege?: number) {
  const connection = await rig.connect({ user, password, ...(privilege === undefined ? {} : { privilege }) });
  const rows = await rowsOf(connection, "select user from dual");
  await connection.close();
  return rows[0]?.[0];
}

export const loginSteps: readonly Step[] = [
  [
    "a user with the right password gets a session",
    async (rig) => expect(await userAfterLogin(rig, "scott", "tiger")).toBe("SCOTT"),
  ],
  [
    "a password may hold letters outside of ASCII",
    async (rig) => expect(await userAfterLogin(rig, "backup", "b4ckup pässword")).toBe("BACKUP"),
  ],
  [
    "SYSDBA is SYS",
    async (rig) =>
      expect(await userAfterLogin(rig, "sys", "change_on_install", rig.driver.SYSDBA)).toBe("SYS"),
  ],
  [
    "SYSBACKUP is SYSBACKUP",
    async (rig) =>
      expect(await userAfterLogin(rig, "backup", "b4ckup pässword", rig.driver.SYSBACKUP)).toBe("SYSBACKUP"),
  ],
  [
    "SYSOPER is PUBLIC",
    async (rig) =>
      expect(await userAfterLogin(rig, "sys", "change_on_install", rig.driver.SYSOPER)).toBe("PUBLIC"),
  ],
  [
    "a wrong password is ORA-01017",
    async (rig) => expect(rig.connect({ password: "lion" })).rejects.toThrow("ORA-01017"),
  ],
  [
    "an unknown user is ORA-01017, like a wrong password",
    async (rig) => expect(rig.connect({ user: "nobody" })).rejects.toThrow("ORA-01017"),
  ],
  [
    "a privilege that was not granted is ORA-01017",
    async (rig) => expect(rig.connect({ privilege: rig.driver.SYSDBA })).rejects.toThrow("ORA-01017"),
  ],
  [
    "SYS without a privilege is ORA-28009",
    async (rig) =>
      expect(rig.connect({ user: "sys", password: "change_on_install" })).rejects.toThrow("ORA-28009"),
  ],
  [
    "an expired password is ORA-28001",
    async (rig) => expect(rig.connect({ user: "old", password: "worn" })).rejects.toThrow("ORA-28001"),
  ],
  [
    "a password that expires soon is a warning, not a failure",
    async (rig) => {
      const connection = await rig.connect({ user: "soon", password: "wearing" });
      expect(String(connection.warning)).toContain("ORA-28002");
      await connection.close();
    },
  ],
  [
    "an unknown service is refused by the listener (ORA-12514)",
    async (rig) => {
      const connectString = `127.0.0.1:${rig.listener.port}/NOWHERE`;
      await expect(rig.connect({ connectString })).rejects.toThrow("NJS-518");
    },
  ],
  [
    "an unknown SID is refused by the listener (ORA-12505)",
    async (rig) => {
      const address = `(ADDRESS=(PROTOCOL=tcp)(HOST=127.0.0.1)(PORT=${rig.listener.port}))`;
      const connectString = `(DESCRIPTION=${address}(CONNECT_DATA=(SID=NOWHERE)))`;
      await expect(rig.connect({ connectString })).rejects.toThrow("NJS-519");
    },
  ],
  [
    "a blocked service is ORA-12528",
    async (rig) => {
      const connectString = `127.0.0.1:${rig.listener.port}/BLOCKED`;
      await expect(rig.connect({ connectString })).rejects.toThrow("ORA-12528");
    },
  ],
  [
    "a restricted service is ORA-12526",
    async (rig) => {
      const connectString = `127.0.0.1:${rig.listener.port}/LIMITED`;
      await expect(rig.connect({ connectString })).rejects.toThrow("ORA-12526");
    },
  ],
  [
    "an idle instance is ORA-01034",
    async (rig) => {
      rig.engine.state = "IDLE";
      await expect(rig.connect()).rejects.toThrow(/ORA-01034[\s\S]*ORA-27101/);
      rig.engine.state = "OPEN";
    },
  ],
  [
    "a mounted instance is ORA-01033 to a normal user and open to SYSDBA",
    async (rig) => {
      rig.engine.state = "MOUNT";
      await expect(rig.connect()).rejects.toThrow("ORA-01033");
      expect(await userAfterLogin(rig, "sys", "change_on_install", rig.driver.SYSDBA)).toBe("SYS");
      rig.engine.state = "OPEN";
    },
  ],
  [
    "the session knows program, machine and service of the client",
    async (rig) => {
      const connection = await rig.connect();
      const login = rig.engine.sessions.at(-1)?.login;
      expect(login).toMatchObject({ user: "SCOTT", service: "ORCL", privilege: "NORMAL" });
      expect([login?.program, login?.machine, login?.osUser].every((text) => text !== "")).toBe(true);
      await connection.close();
    },
  ],
  [
    "the driver learns version, instance and database",
    async (rig) => {
      const connection = await rig.connect();
      expect(connection.oracleServerVersionString).toBe(rig.engine.identity.version.join("."));
      expect(connection.instanceName).toBe("orcl1");
      expect(connection.dbName).toBe("ORCL_A");
      expect(connection.serviceName).toBe("ORCL");
      await connection.close();
    },
  ],
  [
    "a password is changed in the session and holds for the next login",
    async (rig) => {
      rig.engine.changePassword("PAT", "first");
      const connection = await rig.connect({ user: "pat", password: "first" });
      await connection.changePassword("pat", "first", "second");
      await connection.close();
      expect(await userAfterLogin(rig, "pat", "second")).toBe("PAT");
      await expect(rig.connect({ user: "pat", password: "first" })).rejects.toThrow("ORA-01017");
    },
  ],
  [
    "a new password may be given at the login",
    async (rig) => {
      rig.engine.changePassword("KIM", "first");
      const connection = await rig.connect({ user: "kim", password: "first", newPassword: "second" });
      await connection.close();
      expect(await userAfterLogin(rig, "kim", "second")).toBe("KIM");
    },
  ],
  [
    "a logoff closes the session of the engine",
    async (rig) => {
      const connection = await rig.connect();
      const session = rig.engine.sessions.at(-1);
      await connection.close();
      await expect.poll(() => session?.closed).toBe(true);
    },
  ],
];

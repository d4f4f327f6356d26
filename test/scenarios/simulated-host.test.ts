import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { type ForkedSimulator, forkSimulator } from "../../simulator/doors/forked.ts";
import { inProcessConnector } from "../../simulator/doors/in-process.ts";
import { startProgram } from "../../simulator/doors/program.ts";
import { programDefaults } from "../../simulator/doors/program-options.ts";
import { compareWithDatabase } from "../../simulator/workload/compare.ts";
import { queryReader } from "../../simulator/workload/readers.ts";
import type { ContainerName } from "../../src/domain/names.ts";
import { oracledb } from "../rigs/drivers.ts";

const MEBIBYTE = 1_048_576;
let base = "";
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "umbra-host-"));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** Rows over the network, each container by its own service. */
function networkQuery(simulator: ForkedSimulator, rootService: string = simulator.ready.dbName) {
  return async (container: string, sql: string) => {
    const service = container === "CDB$ROOT" ? rootService : container;
    const login = { user: "sys", password: "oracle", privilege: oracledb.SYSDBA, connectTimeout: 10 };
    const connection = await oracledb.getConnection({
      ...login,
      connectString: `127.0.0.1:${simulator.port}/${service}`,
    });
    try {
      const { rows = [] } = await connection.execute<Record<string, string | number | null>>(sql, [], {
        outFormat: oracledb.OUT_FORMAT_OBJECT,
        maxRows: 0,
      });
      return rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value])),
      );
    } finally {
      await connection.close();
    }
  };
}

describe("simulated host", () => {
  test("a forked host serves the driver, and remembers every row through a crash and a restart", async () => {
    await using host = await forkSimulator({
      base,
      cdb: true,
      bytes: 24 * MEBIBYTE,
      seed: 7,
      workload: true,
      opsPerSecond: 1000,
    });
    await expect.poll(async () => (await host.status()).commits, { timeout: 10_000 }).toBeGreaterThan(30);
    const { scn } = await host.status();
    const asOf = await compareWithDatabase(await host.remembered(scn), queryReader(networkQuery(host), scn));
    expect(asOf).toMatchObject({ rowsDifferent: 0, differences: [] });
    expect(asOf.rowsCompared).toBeGreaterThan(100);
    await host.crash();
    expect((await host.status()).state).toBe("IDLE");
    await host.startup("OPEN");
    await host.stopWorkload({ commit: true });
    const after = await host.status();
    expect(
      await compareWithDatabase(await host.remembered(after.scn), queryReader(networkQuery(host))),
    ).toMatchObject({ rowsDifferent: 0 });
  });

  test("disposing ends the process, and a second start finds the files", async () => {
    const first = await forkSimulator({ base, bytes: 8 * MEBIBYTE });
    await first[Symbol.asyncDispose]();
    expect(() => process.kill(first.pid, 0)).toThrow("ESRCH");
    await expect(first.status()).rejects.toThrow("has ended");
    await using second = await forkSimulator({ base, startTo: "MOUNT" });
    expect((await second.status()).state).toBe("MOUNT");
    await expect(second.startup("OPEN")).rejects.toThrow("ORA-01081");
    const query = networkQuery(second, second.ready.adminService);
    expect(await query("CDB$ROOT", "select status from v$instance")).toEqual([{ status: "MOUNTED" }]);
    await expect(networkQuery(second)("CDB$ROOT", "select status from v$instance")).rejects.toThrow(
      "ORA-12528",
    );
  });

  test("a host that cannot start says why", async () => {
    await expect(forkSimulator({ base, pfile: join(base, "none.ora") })).rejects.toThrow(/ORA-\d{5}/u);
    expect(existsSync(join(base, "oradata"))).toBe(false);
  });

  test("both doors of one host lead into the same container", async () => {
    const program = await startProgram({ ...programDefaults, base, cdb: true, bytes: 16 * MEBIBYTE });
    try {
      const connector = inProcessConnector({
        engine: program.engine,
        user: "c##umbra",
        password: "umbra",
        privilege: "SYSBACKUP",
      });
      const options = { deadlineMs: 5_000 };
      await using root = await connector.connect(options);
      await using pdb = await connector.connect({ ...options, container: "PDB1" as ContainerName });
      expect([root.container, pdb.container]).toEqual(["CDB$ROOT", "PDB1"]);
      const sql = "select file# as file_no, :word as word from v$datafile order by file#";
      const rows = await pdb.query(sql, { word: "x" }, options);
      expect(rows.length).toBe(4);
      expect(rows[0]).toMatchObject({ word: "x" });
      await expect(pdb.execute("alter tablespace NOWHERE begin backup", options)).rejects.toMatchObject({
        context: { ora: 959 },
      });
      await expect(
        connector.connect({ ...options, container: "PDB9" as ContainerName }),
      ).rejects.toMatchObject({ context: { ora: 65_011 } });
    } finally {
      await program.close();
    }
  });

  test("a database without containers is CDB$ROOT to the agent", async () => {
    const program = await startProgram({ ...programDefaults, base, bytes: 8 * MEBIBYTE });
    try {
      const connector = inProcessConnector({
        engine: program.engine,
        user: "umbra",
        password: "umbra",
        privilege: "SYSBACKUP",
      });
      for (const container of [undefined, "CDB$ROOT" as ContainerName]) {
        await using database = await connector.connect({
          deadlineMs: 5_000,
          ...(container !== undefined && { container }),
        });
        expect(database.container).toBe("CDB$ROOT");
      }
    } finally {
      await program.close();
    }
  });
});

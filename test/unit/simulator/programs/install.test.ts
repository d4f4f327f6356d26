import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { openProgramDoor } from "../../../../simulator/programs/door.ts";
import { programSocket } from "../../../../simulator/programs/door-protocol.ts";
import { installPrograms } from "../../../../simulator/programs/install.ts";
import { scratchDirectory } from "../../../rigs/scratch-directory.ts";
import { programRig } from "./program-rig.ts";

const run = promisify(execFile);

function installed(path: string) {
  const base = join(path, "b");
  const oracleHome = join(path, "it's a home");
  mkdirSync(base);
  installPrograms({ base, oracleHome, sid: "ORCL", version: [19, 21, 0, 0, 0] });
  return { base, oracleHome, program: (name: string) => join(oracleHome, name) };
}

test("a home has its base, its oratab and its patches, wherever it lies", async () => {
  using scratch = scratchDirectory(tmpdir());
  const { base, oracleHome, program } = installed(scratch.path);
  expect((await run(program("bin/orabaseconfig"))).stdout).toBe(`${oracleHome}\n`);
  expect((await run(program("OPatch/opatch"), ["lspatches"])).stdout).toContain(
    "35643107;Database Release Update : 19.21.0.0.0 (35643107)",
  );
  expect(readFileSync(join(base, "etc", "oratab"), "utf8")).toContain(`ORCL:${oracleHome}:Y\n`);
});

test("programs say so where the simulated host does not run", async () => {
  using scratch = scratchDirectory(tmpdir());
  const { program } = installed(scratch.path);
  await expect(run(program("bin/srvctl"), ["status"])).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining("ORA-12547") as string,
  });
});

test("the door is its owner's, and a killed sqlplus leaves the instance to go on", async () => {
  using scratch = scratchDirectory(tmpdir());
  const { base, oracleHome, program } = installed(scratch.path);
  const mounting = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  await using rig = await programRig();
  const { engine, instance } = rig.host;
  const door = await openProgramDoor({
    base,
    oracleHome,
    sid: "ORCL",
    engine,
    instance,
    hold: async (step) => {
      if (step !== "mount") return;
      mounting.resolve();
      await goOn.promise;
    },
  });
  expect(statSync(programSocket(base)).mode & 0o777).toBe(0o600);
  await engine.shutdown("IMMEDIATE");
  const env = { ...process.env, ORACLE_HOME: oracleHome, ORACLE_SID: "ORCL" };
  const child = execFile(program("bin/sqlplus"), ["-S", "/ as sysdba"], { env });
  child.stdin?.write("startup\nshutdown abort\n");
  await mounting.promise;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
  // What it had typed ahead is dropped when the instance sees that it is gone, which may come after its exit code.
  await expect.poll(() => door.running).toBe(0);
  goOn.resolve();
  await expect.poll(() => instance.state).toBe("OPEN");
  await door.close();
  expect(instance.state).toBe("OPEN");
});

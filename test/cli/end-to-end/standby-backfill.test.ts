import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { startListener } from "../../../simulator/tns/listener.ts";
import { type StandbyLogs, standbyLogs } from "../../rigs/standby-logs.ts";
import { UmbraProcess } from "../../rigs/umbra-process.ts";

const PROFILE = "19c";

/** Primary and standby behind listeners of their own, and a configuration of both. */
async function served(rig: StandbyLogs) {
  const network = { profile: PROFILE, host: "127.0.0.1", port: 0 } as const;
  const primary = await startListener({ ...network, engine: rig.engine });
  const standby = await startListener({ ...network, engine: rig.standbyEngine });
  const config = join(rig.directory, "umbra.yaml");
  const password = join(rig.directory, "password");
  writeFileSync(password, "umbra\n", { mode: 0o600 });
  const lines = [
    `state: ${join(rig.directory, "own-state")}`,
    `storages: { nas: { path: ${join(rig.directory, "backup")} } }`,
    `defaults: { storage: nas, user: c##umbra, password: { file: ${password} } }`,
    "databases:",
    "  PROD1:",
    `    connect: 127.0.0.1:${primary.port}/ORCL_ADMIN`,
    `    backup-area: ${rig.world.database.backupArea}`,
    "    standbys: [PROD1_STBY]",
    "  PROD1_STBY:",
    "    like: PROD1",
    `    connect: 127.0.0.1:${standby.port}/STBY_ADMIN`,
    "    deadlines: { connect: 5s }",
  ];
  writeFileSync(config, `${lines.join("\n")}\n`);
  chmodSync(config, 0o600);
  return {
    standby,
    umbra: async (...argv: readonly string[]) =>
      await new UmbraProcess(["logs", "backfill", "PROD1", ...argv, "--config", config]).ended,
    [Symbol.asyncDispose]: async () => {
      await primary.close();
      await standby.close();
    },
  };
}

test("a lost log is planned and taken from a mounted standby, through the driver, and a standby that is down is told", async () => {
  await using rig = await standbyLogs();
  await rig.switched(3);
  const [, name = "", other = ""] = rig.names();
  rig.lose(name);
  await using user = await served(rig);

  const copy = `here:${join(rig.arrived, name)} → ${join(rig.area, name)}`;
  const planned = await user.umbra("--plan");
  expect(planned).toMatchObject({ status: 0, stderr: "" });
  expect(planned.stdout).toContain("from the standby PROD1_STBY");
  expect(planned.stdout).toContain(copy);
  const { stdout } = await user.umbra("--plan", "--output", "json");
  expect(JSON.parse(stdout)).toMatchObject({
    steps: [{ source: join(rig.arrived, name), sourceHost: "here", target: join(rig.area, name) }],
  });
  expect(existsSync(join(rig.area, name))).toBe(false);

  expect(await user.umbra()).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("1 log copied") as string,
  });
  expect(readFileSync(join(rig.area, name))).toEqual(readFileSync(join(rig.arrived, name)));

  rig.lose(other);
  await user.standby.close();
  const failed = await user.umbra("--output", "json");
  expect(failed.status).toBe(9);
  expect(JSON.parse(failed.stdout)).toMatchObject({
    copied: [],
    left: [{ class: "lost" }],
    standbys: [{ standby: "PROD1_STBY", problem: expect.stringMatching(/\S/u) as string }],
  });
});

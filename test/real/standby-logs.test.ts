import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, onTestFinished, test, type TestContext } from "vitest";

import type { Host } from "../../src/ports/host.ts";
import { backfillLogs } from "../../src/run/logs-backfill.ts";
import { requireProgram } from "../programs.ts";
import { farUmbra } from "../rigs/far-umbra.ts";
import { OpenSsh } from "../rigs/openssh.ts";
import { standbyLogs } from "../rigs/standby-logs.ts";

async function rig(context: TestContext) {
  requireProgram(context, "sshd");
  const server = await OpenSsh.start();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const logs = await standbyLogs();
  onTestFinished(() => logs[Symbol.asyncDispose]());
  await logs.switched(2);
  const [, name = ""] = logs.names();
  logs.lose(name);
  const expectBrought = () => {
    expect(readFileSync(join(logs.area, name))).toEqual(readFileSync(join(logs.arrived, name)));
    expect(logs.hidden()).toEqual([]);
  };
  return { server, logs, name, expectBrought };
}

test("a log comes over ssh from a standby's host that has nothing but its tools", async (context) => {
  const { server, logs, expectBrought } = await rig(context);
  using host = server.host();
  const filled = await backfillLogs(logs.with({ ...logs.way(), host }));
  expect(filled).toMatchObject({ copied: [{}], failed: [], standbys: [] });
  expectBrought();
});

test("a log comes over ssh from umbra on the standby's host to umbra on the host of the area", async (context) => {
  const { server, logs, expectBrought } = await rig(context);
  const { umbra } = farUmbra(server.directory);
  using standby = server.host({ settings: { umbra } });
  using area = server.host({ settings: { umbra } });
  const world = { ...logs.with({ ...logs.way(), host: standby }), backupHost: area };
  expect(await backfillLogs(world)).toMatchObject({ copied: [{}], failed: [], standbys: [] });
  expectBrought();
});

test("a server that is gone in the middle of a log leaves nothing, and the next run brings it", async (context) => {
  const { server, logs, name, expectBrought } = await rig(context);
  using ssh = server.host();
  const read: Host["read"] = async (path, range, options) => {
    if (range.length > 1_024) await server.crash();
    return await ssh.read(path, range, options);
  };
  const filled = await backfillLogs(logs.with({ ...logs.way(), host: { ...ssh, read } }));
  expect(filled).toMatchObject({
    copied: [],
    failed: [{ problem: expect.stringMatching(/^UMB-7111/u) as string }],
  });
  expect(logs.names()).not.toContain(name);
  expect(logs.hidden()).toEqual([]);
  await server.comeBack();
  expect(await backfillLogs(logs.with({ ...logs.way(), host: ssh }))).toMatchObject({ copied: [{}] });
  expectBrought();
});

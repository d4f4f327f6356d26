import { afterAll, expect, test, type TestContext } from "vitest";

import type { createSshHost } from "../../../src/adapters/ssh/ssh-host.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import { requireProgram } from "../../programs.ts";
import { OpenSsh } from "../../rigs/openssh.ts";
import { keepsThePromisesOfAHost } from "./host-promises.ts";

/** One server and one connection for the file, as one run of umbra has it. */
let started: Promise<{ server: OpenSsh; host: ReturnType<typeof createSshHost> }> | undefined;

async function sshHost(context: TestContext) {
  requireProgram(context, "sshd");
  started ??= OpenSsh.start().then((server) => ({ server, host: server.host() }));
  return await started;
}

afterAll(async () => {
  const rig = await started;
  rig?.host[Symbol.dispose]();
  await rig?.server[Symbol.asyncDispose]();
});

keepsThePromisesOfAHost("a host over ssh", async (context) => (await sshHost(context)).host);

test("image copies and their verification are refused, not made in a way that proves less", async (context) => {
  const { host } = await sshHost(context);
  const path = "/a" as FilePath;
  const how = { mode: "plain", blockSize: 1, stallMs: 1 } as const;
  await expect(host.copy({ ...how, source: path, target: path })).rejects.toMatchObject({ code: "UMB-7219" });
  await expect(host.verify({ ...how, path })).rejects.toMatchObject({ code: "UMB-7219", context: { path } });
});

import { afterAll, expect, test, type TestContext } from "vitest";

import { createSshHost } from "../../../src/adapters/ssh/ssh-host.ts";
import type { SshSettings } from "../../../src/adapters/ssh/target.ts";
import { createCopier } from "../../../src/copy/copier.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import type { Host } from "../../../src/ports/host.ts";
import { requireProgram } from "../../programs.ts";
import { OpenSsh } from "../../rigs/openssh.ts";
import { umbraMain } from "../../rigs/umbra-main.ts";
import { keepsThePromisesOfACopyingHost } from "./copying-host-promises.ts";
import { keepsThePromisesOfAHost } from "./host-promises.ts";
import { keepsThePromisesOfAReceivingHost } from "./receiving-host-promises.ts";
import { keepsThePromisesOfARefreshingHost } from "./refreshing-host-promises.ts";

const umbra = { argv: [...umbraMain, "remote", "--allow", "files,copy,verify,run"], version: "test" };
const ways: Readonly<Record<string, Partial<SshSettings>>> = {
  "a host over ssh": {},
  "a host over ssh as another account": { become: ["env", "AS=somebody else"] },
  "a host over ssh with umbra": { umbra },
  "a host over ssh that starts nothing but umbra": { umbra: { ...umbra, forced: true } },
};

const verifier = createCopier();
/** One server for the file, and one connection for each way, as one run of umbra has it. */
let started: Promise<OpenSsh> | undefined;
const hosts = new Map<Partial<SshSettings>, Host & Disposable>();

async function sshHost(context: TestContext, way: Partial<SshSettings>) {
  requireProgram(context, "sshd");
  const server = await (started ??= OpenSsh.start());
  const known = hosts.get(way);
  if (known) return known;
  const settings = { knownHosts: [server.knownHosts()], connectMs: 10_000, keepaliveMs: 10_000, ...way };
  const host = createSshHost(server.target(), settings, { verifier });
  hosts.set(way, host);
  return host;
}

afterAll(async () => {
  for (const host of hosts.values()) host[Symbol.dispose]();
  await (await started)?.[Symbol.asyncDispose]();
  await verifier[Symbol.asyncDispose]();
});

for (const [name, way] of Object.entries(ways)) {
  if (way.umbra) keepsThePromisesOfARefreshingHost(name, (context) => sshHost(context, way));
  if (way.umbra) keepsThePromisesOfAReceivingHost(name, (context) => sshHost(context, way));
  keepsThePromisesOfAHost(name, (context) => sshHost(context, way));
  if (way.become !== undefined) continue;
  const ahead = way.umbra !== undefined;
  keepsThePromisesOfACopyingHost(name, (context) => sshHost(context, way), { ahead });
}

test("without umbra and without the area mounted here, copies are refused, not made in a way that proves less", async (context) => {
  requireProgram(context, "sshd");
  const server = await (started ??= OpenSsh.start());
  using host = server.host();
  const path = "/a" as FilePath;
  const how = { mode: "plain", blockSize: 1, stallMs: 1 } as const;
  await expect(host.copy({ ...how, source: path, target: path })).rejects.toMatchObject({ code: "UMB-7219" });
  await expect(host.verify({ ...how, path })).rejects.toMatchObject({ code: "UMB-7219", context: { path } });
});

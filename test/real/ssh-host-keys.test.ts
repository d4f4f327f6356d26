import { afterAll, expect, onTestFinished, test, type TestContext } from "vitest";

import { fingerprintOf } from "../../src/adapters/ssh/host-key.ts";
import type { SshSettings } from "../../src/adapters/ssh/target.ts";
import type { FilePath } from "../../src/domain/names.ts";
import { requireProgram } from "../programs.ts";
import { type KeyPair, OpenSsh } from "../rigs/openssh.ts";

let started: Promise<OpenSsh> | undefined;

afterAll(async () => await (await started)?.[Symbol.asyncDispose]());

async function openSsh(context: TestContext): Promise<OpenSsh> {
  requireProgram(context, "sshd");
  return await (started ??= OpenSsh.start());
}

const shown = ({ publicKey }: KeyPair) => fingerprintOf(Buffer.from(publicKey.split(" ")[1] ?? "", "base64"));
let files = 0;

/** A login that knows these lines about hosts. */
function loginWith(server: OpenSsh, lines: readonly string[], settings: Partial<SshSettings> = {}) {
  const knownHosts = [server.knownHosts(`known_hosts_${(files += 1)}`, "# keys", ...lines)];
  const host = server.host({ settings: { knownHosts, ...settings } });
  onTestFinished(() => host[Symbol.dispose]());
  return host.run(["echo", "in"], { deadlineMs: 10_000, maxOutputBytes: 100 });
}

test("a host whose key nobody knows is refused with its fingerprint and what to do", async (context) => {
  const server = await openSsh(context);
  const refused = loginWith(server, [`other-host ${server.hostKey.publicKey}`]);
  await expect(refused).rejects.toMatchObject({
    code: "UMB-7213",
    hint: expect.stringContaining("umbra hosts trust") as string,
    context: { host: server.name, type: "ssh-ed25519", fingerprint: shown(server.hostKey) },
  });
});

test("a host whose key has changed is refused, with both fingerprints and the place of the old one", async (context) => {
  const server = await openSsh(context);
  const old = server.newKey("old_host_key");
  const refused = loginWith(server, [`${server.name} ${old.publicKey}`]);
  await expect(refused).rejects.toThrow(/ \(\/.*:2\)/);
  await expect(refused).rejects.toMatchObject({
    code: "UMB-7214",
    context: {
      fingerprint: shown(server.hostKey),
      known: [expect.stringContaining(`${shown(old)} (`) as string],
    },
  });
});

test("a key of a type the host never showed before is a changed key", async (context) => {
  const server = await openSsh(context);
  const ecdsa = server.newKey("old_ecdsa_key", { type: "ecdsa" });
  await expect(loginWith(server, [`${server.name} ${ecdsa.publicKey}`])).rejects.toMatchObject({
    code: "UMB-7214",
  });
});

test("a revoked key is refused, though another line knows it", async (context) => {
  const server = await openSsh(context);
  const { publicKey } = server.hostKey;
  await expect(
    loginWith(server, [`${server.name} ${publicKey}`, `@revoked * ${publicKey}`]),
  ).rejects.toMatchObject({ code: "UMB-7215", context: { place: expect.stringMatching(/:3$/) as string } });
});

test("a known key lets in, from any of the files", async (context) => {
  const server = await openSsh(context);
  const knownHosts = ["/none/known_hosts" as FilePath, server.knownHosts()];
  expect((await loginWith(server, [], { knownHosts })).stdout.toString()).toBe("in\n");
});

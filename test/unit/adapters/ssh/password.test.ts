import { once } from "node:events";
import type { AddressInfo } from "node:net";

import ssh2 from "ssh2";
import { expect, onTestFinished, test } from "vitest";

import { createHostKeys } from "../../../../src/adapters/ssh/host-keys.ts";
import { createSshHost } from "../../../../src/adapters/ssh/ssh-host.ts";
import type { FilePath } from "../../../../src/domain/names.ts";
import { scratchDirectory } from "../../../rigs/scratch-directory.ts";

/** A server that takes one password, and whose programs say how often somebody logged in. */
async function passwordServer() {
  const scratch = scratchDirectory();
  const { private: hostKey } = ssh2.utils.generateKeyPairSync("ed25519");
  let logins = 0;
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    client.on("error", () => {});
    client.on("authentication", (attempt) => {
      if (attempt.method === "password" && attempt.password === "right") attempt.accept();
      else attempt.reject(["password"]);
    });
    client.on("ready", () => (logins += 1));
    client.on("session", (accept) => {
      accept().on("exec", (acceptExec) => {
        const channel = acceptExec();
        channel.write(`${logins}`);
        channel.exit(0);
        channel.end();
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    scratch[Symbol.dispose]();
  });
  const address = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  return { address, knownHosts: `${scratch.path}/known_hosts` as FilePath };
}

test("a password is read when it is needed, and a rotated one works without a new host", async () => {
  const { address, knownHosts } = await passwordServer();
  const keys = createHostKeys(knownHosts, []);
  const within = { deadlineMs: 5_000 };
  await keys.trust(address, await keys.ask(address, within));
  expect(await keys.ask(address, within)).toMatchObject({ known: true, type: "ssh-ed25519" });
  let password = "old";
  const login = { by: "password", password: async () => password } as const;
  const settings = { knownHosts: [knownHosts], connectMs: 5_000, keepaliveMs: 5_000 };
  using host = createSshHost({ address, user: "oracle", login }, settings);
  const run = () => host.run(["logins"], { ...within, maxOutputBytes: 10 });
  await expect(run()).rejects.toMatchObject({ code: "UMB-7212", context: { user: "oracle" } });
  password = "right";
  expect((await run()).stdout.toString()).toBe("1");
  expect((await run()).stdout.toString()).toBe("1");
});

test("asking for a key ends with the signal", async () => {
  const { address, knownHosts } = await passwordServer();
  const keys = createHostKeys(knownHosts, []);
  const signal = AbortSignal.abort(new Error("stop"));
  await expect(keys.ask(address, { deadlineMs: 5_000, signal })).rejects.toThrow("stop");
  const stop = new AbortController();
  const asked = keys.ask(address, { deadlineMs: 5_000, signal: stop.signal });
  stop.abort(new Error("stop now"));
  await expect(asked).rejects.toThrow("stop now");
});

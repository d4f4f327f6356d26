import { expect, test } from "vitest";

import { emptyFleet } from "../../../src/cli/fleet-if-any.ts";
import { hostWays } from "../../../src/cli/host-ways.ts";
import type { Surroundings } from "../../../src/cli/surroundings.ts";
import type { HostConfig } from "../../../src/domain/fleet.ts";
import type { FilePath } from "../../../src/domain/names.ts";

const db1: HostConfig = {
  name: "db1",
  address: { host: "db1", port: 22 },
  user: "oracle",
  login: { by: "key", path: "/k" as FilePath },
};
const fleet = { ...emptyFleet, hosts: new Map([["db1", db1]]) };

/** A user with an agent or without, who has these keys. */
function user(keys: readonly string[], agent?: string): Surroundings {
  const env = { HOME: "/home/dba", ...(agent === undefined ? {} : { SSH_AUTH_SOCK: agent }) };
  const readText = async (path: string) => {
    if (keys.includes(path)) return "key";
    throw Object.assign(new Error("not there"), { code: "ENOENT" });
  };
  return { env, readText } as unknown as Surroundings;
}

test("this machine needs no way, and a configured host has its own", async () => {
  const around = user([]);
  expect(await hostWays("here", { fleet, around })).toEqual([undefined]);
  expect(await hostWays("db1", { fleet, around })).toEqual([db1]);
});

test("an address is tried with the agent, then with the usual keys in their order", async () => {
  const around = user(["/home/dba/.ssh/id_rsa", "/home/dba/.ssh/id_ed25519"], "/run/agent");
  const ways = await hostWays("oracle@[fd00::1]:2222", { fleet, around });
  expect(ways.map((way) => way?.login)).toEqual([
    { by: "agent", socket: "/run/agent" },
    { by: "key", path: "/home/dba/.ssh/id_ed25519" },
    { by: "key", path: "/home/dba/.ssh/id_rsa" },
  ]);
  expect(ways[0]).toMatchObject({ user: "oracle", address: { host: "fd00::1", port: 2222 } });
});

test("a key that was named is the only way", async () => {
  const ways = await hostWays("oracle@db7", { fleet, around: user([], "/run/agent"), key: "/my/key" });
  expect(ways).toMatchObject([{ name: "db7", login: { by: "key", path: "/my/key" } }]);
});

test.each([
  ["oracle@db7.example.com", "db7"],
  ["oracle@db1.other.example.com", "db1-new"],
  ["oracle@10.0.0.7", "host-10-0-0-7"],
  ["oracle@[fd00::1]", "fd00"],
  ["oracle@[::1]", "host-1"],
  ["oracle@here", "here-new"],
])("%s is called %s, which the configuration takes and does not have yet", async (text, name) => {
  const [way] = await hostWays(text, { fleet, around: user([]), key: "/k" });
  expect(way?.name).toBe(name);
  expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/u);
});

test.each([
  ["db2", "UMB-2005"],
  ["oracle@", "UMB-2005"],
  ["oracle@bad host", "UMB-2005"],
  ["oracle@db2", "UMB-2006"],
])("%s is refused with %s", async (text, code) => {
  await expect(hostWays(text, { fleet, around: user([]) })).rejects.toMatchObject({ code });
});

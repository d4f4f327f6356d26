import { expect, test } from "vitest";

import type { DoctorAround } from "../../../src/doctor/check.ts";
import { sshCrypto } from "../../../src/doctor/checks/ssh-crypto.ts";
import type { Diagnostics } from "../../../src/doctor/diagnostics.ts";
import { fleetOf } from "../config/fleet-files.ts";

const LOCAL = `
storages: {s: {path: /s}}
databases: {A: {connect: a/A, user: U, password: {env: PW}, storage: s}}
`;
const REMOTE = `hosts: {db1: {address: db1, user: u, key: /k}}${LOCAL}`;

async function told(config: string, runs: "native" | "JavaScript") {
  const { fleet } = await fleetOf({ "/f.yaml": config });
  const diagnostics = { sshCrypto: () => runs } as Diagnostics;
  const around: DoctorAround = { fleet, diagnostics, state: () => Promise.reject(new Error("not expected")) };
  const call = { deadlineMs: 1_000, signal: new AbortController().signal };
  return await sshCrypto.look(around, fleet, call);
}

test("doctor says which part computes for ssh, and both are right", async () => {
  expect(await told(REMOTE, "native")).toMatchObject({ level: "ok", seen: "native part of ssh2" });
  expect(await told(REMOTE, "JavaScript")).toMatchObject({
    level: "ok",
    seen: expect.stringContaining("Node's own"),
  });
});

test("without hosts nothing is said of ssh", async () => {
  expect(await told(LOCAL, "native")).toBeUndefined();
});

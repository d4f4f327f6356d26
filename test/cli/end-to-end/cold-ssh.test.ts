import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test, type TestContext } from "vitest";

import type { CatalogEntry } from "../../../src/domain/journal.ts";
import { requireProgram } from "../../programs.ts";
import { databaseUser } from "../../rigs/database-user.ts";
import { OpenSsh } from "../../rigs/openssh.ts";
import { coldManifestOf, restoredColdDatabase } from "../../rigs/restored-cold-database.ts";
import { umbraMain } from "../../rigs/umbra-main.ts";
import { UmbraProcess } from "../../rigs/umbra-process.ts";

/** A database behind a real ssh server, which umbra stops, copies and starts from here. */
async function rig(context: TestContext, { farUmbra }: { readonly farUmbra: boolean }) {
  requireProgram(context, "sshd");
  const server = await OpenSsh.start();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const oracleHome = join(server.directory, "home");
  const user = await databaseUser({ oracleHome });
  onTestFinished(() => user[Symbol.asyncDispose]());
  const home = join(server.directory, "dba");
  mkdirSync(join(home, ".ssh"), { recursive: true });
  writeFileSync(join(home, ".ssh", "known_hosts"), readFileSync(server.knownHosts()));
  const config = join(home, "umbra.yaml");
  const far = farUmbra ? [`    umbra: ${JSON.stringify(umbraMain)}`] : [];
  const lines = [
    `state: ${user.state}`,
    "hosts:",
    "  db1:",
    `    address: 127.0.0.1:${server.port}`,
    `    user: ${userInfo().username}`,
    `    key: ${server.userKey.path}`,
    ...far,
    "storages:",
    // Mounted on both sides, under the same path.
    `  nas: { path: ${user.storage}, host: here }`,
    "databases:",
    "  PROD1:",
    `    connect: 127.0.0.1:${user.program.listener.port}/${user.program.ready.adminService}`,
    `    user: ${user.account.toLowerCase()}`,
    "    privilege: sysbackup",
    `    password: { file: ${user.passwordFile} }`,
    "    storage: nas",
    "    backup: { spare: 0B }",
    "    host: db1",
    `    instance: { by: sqlplus, oracle-home: ${oracleHome}, sid: ORCL }`,
  ];
  writeFileSync(config, `${lines.join("\n")}\n`, { mode: 0o600 });
  const umbra = async (...argv: readonly string[]) => {
    const process = new UmbraProcess([...argv, "--config", config, "--output", "json"], { HOME: home });
    const { status, stdout, stderr } = await process.ended;
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return JSON.parse(stdout) as { readonly backup: CatalogEntry };
  };
  return { umbra, user, restored: join(server.directory, "restored") };
}

const ways = [
  { what: "with umbra on the database's host", mode: "pre-copy", farUmbra: true },
  { what: "with the tools of the database's host", mode: "plain", farUmbra: false },
];

test.for(ways)("a cold backup over ssh, $what", { timeout: 120_000 }, async ({ mode, farUmbra }, context) => {
  const { umbra, user, restored } = await rig(context, { farUmbra });
  const { backup } = await umbra("backup", "cold", "PROD1", "--mode", mode);
  expect(user.program.instance.openMode).toBe("READ WRITE");
  expect(coldManifestOf(backup.directory).cold).toMatchObject({ mode, consistent: true });
  expect(await umbra("verify", backup.id)).toMatchObject({ good: true });
  await using opened = await restoredColdDatabase(backup.directory, restored);
  expect(opened.instance.openMode).toBe("READ WRITE");
});

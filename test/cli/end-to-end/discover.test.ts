import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { type DatabaseUser, databaseUser } from "../../rigs/database-user.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";
import { type Ended, UmbraProcess } from "../../rigs/umbra-process.ts";

const scratch = scratchDirectory();
const oracleHome = join(scratch.path, "home");
let user: DatabaseUser;
beforeAll(async () => {
  user = await databaseUser({ cdb: true, oracleHome, dbName: "FOUND1", seed: 47_11 });
});
afterAll(async () => {
  await user[Symbol.asyncDispose]();
  scratch[Symbol.dispose]();
});

const oratab = () => join(user.directory, "prod", "etc", "oratab");

async function discover(...argv: readonly string[]): Promise<Ended> {
  return await new UmbraProcess(["discover", "here", "--oratab", oratab(), ...argv]).ended;
}

interface Report {
  readonly kind: string;
  readonly databases: readonly { readonly home?: { readonly value: string } }[];
}

/** Other databases may run on the machine of the tests. */
async function ours(): Promise<unknown> {
  const { status, stdout } = await discover("--output", "json");
  expect(status).toBe(0);
  const report = JSON.parse(stdout) as Report;
  expect(report.kind).toBe("discovered");
  return report.databases.filter(({ home }) => home?.value === oracleHome);
}

test("the databases of this host are found without any configuration, with who told what", async () => {
  expect(await ours()).toMatchObject([
    {
      kind: "database",
      seenIn: [expect.stringMatching(/^process \d+$/u), `${oratab()}:2`, "listener LISTENER"],
      sid: { value: "FOUND1", from: expect.stringMatching(/^process/u) as string },
      dbid: { value: String(user.program.instance.controlFile?.dbid), from: "the instance" },
      role: { value: "PRIMARY" },
      logMode: { value: "ARCHIVELOG" },
      version: { value: "19.21.0.0.0" },
      privilege: "sysbackup",
      gaps: [],
    },
  ]);
});

test("a database that is down is told as such, and is not started", async () => {
  await user.program.engine.shutdown("IMMEDIATE");
  const found = await ours();
  expect(user.program.instance.state).toBe("IDLE");
  await user.program.instance.startup({ to: "OPEN" });
  expect(found).toMatchObject([
    {
      state: { value: "down", from: "the instance" },
      version: { value: "19.21.0.0.0", from: "oraversion" },
      services: [{ service: "FOUND1_ADMIN", status: "UNKNOWN" }],
      gaps: [{ stops: ["hot"], seen: expect.stringContaining("is down") as string }],
    },
  ]);
});

test("a dead entry is shown, and the table names every database", async () => {
  const other = join(scratch.path, "oratab");
  writeFileSync(other, `${readFileSync(oratab(), "utf8")}GONE:/no/such/home:N\n+ASM:/no/such/grid:N\n`);
  const { status, stdout } = await discover("--oratab", other);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^FOUND1 +FOUND1 +READ WRITE +PRIMARY +ARCHIVELOG +19\.21\.0\.0\.0 +EE /mu);
  expect(stdout).toMatch(/^FOUND1: hot and cold backup possible$/mu);
  expect(stdout).toContain("GONE: not a database: its home /no/such/home does not exist");
  expect(stdout).toContain("+ASM: belongs to Grid Infrastructure");
});

test("what is written becomes a configuration that reaches the database", async () => {
  const file = join(scratch.path, "found.yaml");
  const { status, stdout } = await discover("--write", file);
  expect(status).toBe(0);
  expect(stdout).toContain(`${file} was written`);
  const text = readFileSync(file, "utf8");
  const blank = await new UmbraProcess(["config", "check", "--config", file]).ended;
  expect(blank.status).toBe(2);
  expect(blank.stderr).toContain("storages.backup.path");
  const filled = text
    .replace(/path: +# fill in.*/gu, `path: ${user.storage}`)
    .replace(/password: +# fill in.*/gu, `password: { file: ${user.passwordFile} }`)
    .replace(/connect: +# fill in.*/gu, "connect: other/one");
  writeFileSync(file, `state: ${user.state}\n${filled}`);
  const checked = await new UmbraProcess(["config", "check", "--config", file]).ended;
  expect(checked).toMatchObject({ status: 0, stderr: "" });
  const inventory = await new UmbraProcess(["inventory", "FOUND1", "--config", file]).ended;
  expect(inventory).toMatchObject({ status: 0, stderr: "" });
  expect(inventory.stdout).toMatch(/^Storage\n +VOLUME +KIND +FILES +SIZE +BACKUP AREA +SNAPSHOTS$/mu);
  expect(inventory.stdout).toMatch(/^The backup area is on \/|^ +The backup area is on \//mu);
});

test("a file that is there is never overwritten, and nothing is left beside it", async () => {
  const directory = join(scratch.path, "kept");
  const file = join(directory, "umbra.yaml");
  mkdirSync(directory);
  writeFileSync(file, "mine\n");
  const { status, stdout, stderr } = await discover("--write", file);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(`UMB-2007: ${file} is there already; nothing was written`);
  expect(readFileSync(file, "utf8")).toBe("mine\n");
  expect(readdirSync(directory)).toEqual(["umbra.yaml"]);
  const nowhere = await discover("--write", join(directory, "no", "such.yaml"));
  expect(nowhere.status).toBe(7);
  expect(existsSync(join(directory, "no"))).toBe(false);
});

test.each([
  ["nothing", "UMB-2005: nothing is no host"],
  ["heer", 'did you mean "here"?'],
  ["@db1", "UMB-2005"],
  ["oracle@db1", "UMB-2006: oracle@db1: there is neither an ssh agent"],
])("%s is no host: %s", async (name, said) => {
  const { status, stderr } = await new UmbraProcess(["discover", name]).ended;
  expect(status).toBe(2);
  expect(stderr).toContain(said);
});

import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

export interface AgentSetting {
  readonly config: string;
  readonly area: string;
}

/** The configuration a user would write: a password file that only its owner reads, a storage, a database. */
export function configureAgent(
  directory: string,
  database: {
    readonly port: number;
    readonly service: string;
    readonly user: string;
    readonly password: string;
    /** Lines for the database beside those of every demo. */
    readonly more?: readonly string[];
    /** What takes snapshots of the storage: `{ kind: btrfs }`. */
    readonly snapshots?: string;
  },
): AgentSetting {
  const passwordFile = join(directory, "password");
  const storage = join(directory, "backup");
  const config = join(directory, "umbra.yaml");
  const snapshots = database.snapshots === undefined ? "" : `, snapshots: ${database.snapshots}`;
  mkdirSync(storage, { recursive: true });
  writeFileSync(passwordFile, `${database.password}\n`, { mode: 0o600 });
  writeFileSync(
    config,
    [
      `state: ${join(directory, "state")}`,
      "storages:",
      `  demo: { path: ${storage}${snapshots} }`,
      "databases:",
      "  DEMO:",
      `    connect: 127.0.0.1:${database.port}/${database.service}`,
      `    user: ${database.user}`,
      "    privilege: sysbackup",
      `    password: { file: ${passwordFile} }`,
      "    storage: demo",
      ...(database.more ?? []).map((line) => `    ${line}`),
      "",
    ].join("\n"),
    { mode: 0o600 },
  );
  return { config, area: join(storage, "DEMO") };
}

const brokenOff = new AbortController();

/** For a demo that is broken off: the command that runs is ended, and no other begins. */
export function endUmbra(): void {
  brokenOff.abort();
}

/** Runs `umbra` as a user would, from source. Messages go to this process's standard error; resolves with standard output. */
export async function umbra(setting: AgentSetting, ...args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [MAIN, ...args, "--config", setting.config], {
    stdio: ["ignore", "pipe", "inherit"],
    signal: brokenOff.signal,
  });
  const parts: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => parts.push(part));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const output = Buffer.concat(parts).toString("utf8");
  if (status !== 0) throw new Error(`umbra ${args.join(" ")} ended with status ${status}\n${output}`);
  return output;
}

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { openInstance } from "../../simulator/instance/start-database.ts";
import { InputLines } from "../../simulator/programs/input-lines.ts";
import { InstanceOperations } from "../../simulator/programs/instance-operations.ts";
import type { ProgramHost } from "../../simulator/programs/program.ts";
import { sqlplus } from "../../simulator/programs/sqlplus/sqlplus.ts";
import { createEngine } from "../../simulator/sql/engine.ts";
import type { RestoredDatabase } from "./restored-database.ts";

/** Lines of the fenced blocks of this language, block by block. */
export function blocksOf(notes: string, language: string): readonly string[] {
  const fence = "```";
  return notes
    .split(`\n${fence}${language}\n`)
    .slice(1)
    .map((rest) => rest.slice(0, rest.indexOf(`\n${fence}\n`) + 1));
}

/**
 * What a person does who has the directory of a backup and its RESTORE.md: each command of the shell in order, then the
 * script with SQL*Plus. `change`: what that person changed in the script. Throws what a program says against it.
 */
export async function restoredByNotes(
  directory: string,
  base: string,
  change: (script: string) => string = (script) => script,
): Promise<RestoredDatabase> {
  const notes = readFileSync(join(directory, "RESTORE.md"), "utf8");
  for (const block of blocksOf(notes, "sh")) {
    execFileSync("sh", ["-eu", "-c", block], {
      cwd: directory,
      env: { ...process.env, NEW: base },
      stdio: "pipe",
    });
  }
  const script = change(readFileSync(join(base, "restore.sql"), "utf8"));
  const instance = openInstance({ base, name: "ORCL", now: () => new Date() });
  const engine = createEngine(instance);
  const stop = async () => {
    if (instance.state !== "IDLE") await engine.shutdown("ABORT");
  };
  try {
    await runScript(
      {
        engine,
        instance,
        operations: new InstanceOperations(engine, instance, () => Promise.resolve()),
        oracleHome: base,
        sid: "ORCL",
        groups: new Set(["dba"]),
        sqlerrorCoversStartup: true,
      },
      script,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { instance, [Symbol.asyncDispose]: stop };
}

async function runScript(host: ProgramHost, script: string): Promise<void> {
  const input = new InputLines();
  input.add(script);
  input.end();
  let output = "";
  const code = await sqlplus(host, {
    argv: ["-S", "/ as sysdba"],
    env: { ORACLE_HOME: host.oracleHome, ORACLE_SID: host.sid },
    input,
    say: (text) => void (output += text),
    alive: true,
  });
  if (code !== 0) throw new Error(output);
}

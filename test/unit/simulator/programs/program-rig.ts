import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { OpenInstance } from "../../../../simulator/instance/open-instance.ts";
import { startDatabase } from "../../../../simulator/instance/start-database.ts";
import { InputLines } from "../../../../simulator/programs/input-lines.ts";
import { type Hold, InstanceOperations } from "../../../../simulator/programs/instance-operations.ts";
import type { OsGroup, Program, ProgramHost } from "../../../../simulator/programs/program.ts";
import { createEngine } from "../../../../simulator/sql/engine.ts";
import { scratchDirectory } from "../../../rigs/scratch-directory.ts";

const HOME = "/u01/app/oracle/product/19c";

export interface ProgramRig extends AsyncDisposable {
  readonly instance: OpenInstance;
  readonly host: ProgramHost;
  /** Runs a program in this process, with all of its input at once. */
  run(program: Program, argv: readonly string[], how?: RunHow): Promise<{ code: number; output: string }>;
}

interface RunHow {
  readonly input?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** An open database below the programs of its host, without processes between them. */
export async function programRig(
  options: { readonly groups?: readonly OsGroup[]; readonly hold?: Hold; readonly covers?: boolean } = {},
): Promise<ProgramRig> {
  const scratch = scratchDirectory();
  const base = join(scratch.path, "prod");
  mkdirSync(base);
  const instance = await startDatabase({ name: "ORCL", base, now: () => new Date() });
  const engine = createEngine(instance);
  instance.sessions = { active: () => engine.sessions.length, endAll: () => engine.dropSessions() };
  const host: ProgramHost = {
    engine,
    instance,
    operations: new InstanceOperations(engine, instance, options.hold ?? (() => Promise.resolve())),
    oracleHome: HOME,
    sid: "ORCL",
    groups: new Set(options.groups ?? ["dba", "oper", "backupdba"]),
    sqlerrorCoversStartup: options.covers ?? false,
  };
  return {
    instance,
    host,
    run: async (program, argv, { input = [], env = {} } = {}) => {
      const lines = new InputLines();
      lines.add(input.map((line) => `${line}\n`).join(""));
      lines.end();
      let output = "";
      const say = (text: string) => void (output += text);
      const environment = { ORACLE_HOME: HOME, ORACLE_SID: "ORCL", ...env };
      const code = await program(host, { argv, env: environment, input: lines, say, alive: true });
      return { code, output };
    },
    [Symbol.asyncDispose]: async () => {
      if (instance.state !== "IDLE") await engine.shutdown("ABORT");
      scratch[Symbol.dispose]();
    },
  };
}

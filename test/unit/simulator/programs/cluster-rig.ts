import { join } from "node:path";

import { createCluster } from "../../../../simulator/instance/create-cluster.ts";
import type { OpenInstance } from "../../../../simulator/instance/open-instance.ts";
import { type ClusterMember, ClusterResource } from "../../../../simulator/programs/cluster-resource.ts";
import { InputLines } from "../../../../simulator/programs/input-lines.ts";
import { InstanceOperations } from "../../../../simulator/programs/instance-operations.ts";
import type { Program, ProgramHost } from "../../../../simulator/programs/program.ts";
import { createEngine } from "../../../../simulator/sql/engine.ts";
import { scratchDirectory } from "../../../rigs/scratch-directory.ts";

const HOME = "/u01/app/oracle/product/19c";

export interface ClusterRig extends AsyncDisposable {
  readonly instances: readonly OpenInstance[];
  readonly members: readonly ClusterMember[];
  readonly resource: ClusterResource;
  /** Runs a program on the first node. */
  run(
    program: Program,
    argv: readonly string[],
    input?: readonly string[],
  ): Promise<{ code: number; output: string }>;
}

/** Two instances of one database, open, below the programs of their first node. */
export async function clusterRig(options: { readonly restartAfterMs?: number } = {}): Promise<ClusterRig> {
  const scratch = scratchDirectory();
  const instances = await createCluster({
    base: join(scratch.path, "prod"),
    name: "ORCL",
    totalBytes: 3_000_000,
    logBytes: 262_144,
    now: () => new Date(),
    idle: () => new Promise((resolve) => setImmediate(resolve)),
  });
  for (const instance of instances) await instance.startup({ to: "OPEN" });
  const members = instances.map((instance, index): ClusterMember => {
    const name = `ORCL${index + 1}`;
    const node = `rac${index + 1}`;
    const engine = createEngine(instance, { host: node, instanceName: name, dbUniqueName: "ORCL" });
    const operations = new InstanceOperations(engine, instance, () => Promise.resolve());
    return { name, node, engine, instance, operations };
  });
  const resource = new ClusterResource({ members, ...options });
  const [first] = members;
  if (first === undefined) throw new Error("no instance");
  const host: ProgramHost = {
    ...first,
    oracleHome: HOME,
    sid: first.name,
    groups: new Set(["dba", "oper", "backupdba"]),
    sqlerrorCoversStartup: false,
    cluster: resource,
  };
  return {
    instances,
    members,
    resource,
    run: async (program, argv, input = []) => {
      const lines = new InputLines();
      lines.add(input.map((line) => `${line}\n`).join(""));
      lines.end();
      let output = "";
      const env = { ORACLE_HOME: HOME, ORACLE_SID: first.name };
      const say = (text: string) => void (output += text);
      const code = await program(host, { argv, env, input: lines, say, alive: true });
      return { code, output };
    },
    [Symbol.asyncDispose]: async () => {
      resource[Symbol.dispose]();
      for (const { instance, engine } of members)
        if (instance.state !== "IDLE") await engine.shutdown("ABORT");
      scratch[Symbol.dispose]();
    },
  };
}

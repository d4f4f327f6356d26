import { expect, test } from "vitest";

import { backupHot } from "../../../src/run/backup-hot.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

/** Does `change` once, when the file whose path ends so is half copied. */
async function whileItIsCopied(
  options: Parameters<typeof simulatedWorld>[0],
  prepare: (rig: SimulatedWorld) => Promise<string>,
  change: (rig: SimulatedWorld) => Promise<void>,
): Promise<unknown> {
  let copying = "";
  let path: string | undefined;
  let done = false;
  const started: SimulatedWorld[] = [];
  await using rig = await simulatedWorld({
    ...options,
    whileCopying: async () => {
      const [own] = started;
      if (done || own === undefined || copying !== path) return;
      done = true;
      await change(own);
    },
    change: (world) => {
      const { databaseHost } = world;
      const copy: typeof databaseHost.copy = (request) => {
        copying = request.source;
        return databaseHost.copy(request);
      };
      return { ...world, databaseHost: { ...databaseHost, copy } };
    },
  });
  path = await prepare(rig);
  started.push(rig);
  const result = await backupHot(rig.world).catch((error: unknown) => error);
  expect(done).toBe(true);
  return result;
}

const tablespace = { contents: "PERMANENT", bigfile: false, blockSize: 8192 } as const;

test("a read-only file that becomes writable while it is copied without backup mode fails the run", async () => {
  const failure = await whileItIsCopied(
    {},
    async ({ instance, directory }) => {
      const path = `${directory}/prod/OLD.dbf`;
      const files = [{ path, bytes: 262_144, reuse: false, autoextend: null }];
      await instance.createTablespace(0, { name: "OLD", ...tablespace, files });
      await instance.setTablespace(0, "OLD", "READ ONLY");
      return path;
    },
    async ({ instance }) => await instance.setTablespace(0, "OLD", "READ WRITE"),
  );
  expect(failure).toMatchObject({ code: "UMB-9001", context: { rule: 128 } });
  expect((failure as Error).message).toContain("while it was copied");
});

test("a file of a closed container that is opened while it is copied fails the run", async () => {
  const conId = ({ instance }: SimulatedWorld) =>
    instance.controlFile?.containers.find((one) => one.name === "HR")?.conId ?? 0;
  const failure = await whileItIsCopied(
    { database: { cdb: true, pdbs: ["HR"] } },
    async (rig) => {
      const id = conId(rig);
      await rig.instance.closePdb(id);
      return rig.instance.controlFile?.datafiles.find((file) => file.conId === id)?.path ?? "";
    },
    async (rig) => await rig.instance.openPdb(conId(rig), "READ WRITE"),
  );
  expect(failure).toMatchObject({ code: "UMB-9001" });
});

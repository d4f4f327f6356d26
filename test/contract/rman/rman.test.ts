import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";

import { expect, test } from "vitest";

import { createLocalHost } from "../../../src/adapters/host/local-host.ts";
import { UmbraError } from "../../../src/errors/umbra-error.ts";
import { requireProgram } from "../../programs.ts";
import { OpenSsh } from "../../rigs/openssh.ts";
import type { RmanCopy } from "../../../src/domain/rman.ts";
import { scn } from "../../../src/domain/scn.ts";
import { mergeProblems } from "../../../src/plan/rman-copies.ts";
import {
  catalogScript,
  imageCopyScript,
  incrementalScript,
  mergeScript,
  nameSnapshotControlfileScript,
  removeLevelOnesScript,
  resetSnapshotControlfileScript,
  showSnapshotControlfileScript,
  uncatalogScript,
} from "../../../src/plan/rman-script.ts";
import type { Host, RunOptions } from "../../../src/ports/host.ts";
import { call, type RmanRig, rmanRig } from "./rig.ts";

const noCopier = {
  copy: () => Promise.reject(new Error("nothing is copied here")),
  verify: () => Promise.reject(new Error("nothing is verified here")),
};

async function baseline(rig: RmanRig): Promise<void> {
  await rig.rman.run(imageCopyScript(rig.run, rig.images), call);
}

async function refresh(rig: RmanRig): Promise<void> {
  await rig.rman.run(incrementalScript(rig.run, rig.files), call);
  await rig.rman.run(mergeScript(rig.run, rig.files), call);
}

/** What the database says now of copies that were `before`: empty where all came forward. */
async function problems(rig: RmanRig, before: readonly RmanCopy[]): Promise<readonly string[]> {
  const { datafiles, resetlogsScn } = rig.home.instance.controlFile ?? { datafiles: [], resetlogsScn: 0n };
  const files = rig.images.map(({ file, target }) => {
    const creationScn = scn(datafiles.find((one) => one.file === file)?.creationScn ?? 0n);
    return { file, target, creationScn };
  });
  return mergeProblems(files, await rig.copies(), {
    resetlogsScn: scn(resetlogsScn),
    before: new Map(before.map((one) => [one.file, one.checkpointScn])),
    current: new Map(datafiles.map((one) => [one.file, scn(one.checkpointScn)])),
  });
}

test("full copies lie where they were wanted, and are parents of what follows", async () => {
  await using rig = await rmanRig();
  const { events } = await rig.rman.run(imageCopyScript(rig.run, rig.images), call);
  const written = events.flatMap((event) => (event.kind === "copy-written" ? [event.path] : []));
  expect(written).toEqual(rig.images.map(({ target }) => target));
  expect(await problems(rig, [])).toEqual([]);
});

test("a level 1 and its merge bring every copy forward, and no file is copied whole", async () => {
  await using rig = await rmanRig({ channels: 2, sectionBytes: 1_048_576 });
  await baseline(rig);
  const before = await rig.copies();
  await rig.addRow();
  const { events } = await rig.rman.run(incrementalScript(rig.run, rig.files), call);
  expect(events.filter(({ kind }) => kind === "no-parent" || kind === "copy-written")).toEqual([]);
  expect(events.filter(({ kind }) => kind === "channel-started")).toHaveLength(2);
  expect(await problems(rig, before)).toHaveLength(rig.files.length);
  const merged = await rig.rman.run(mergeScript(rig.run, rig.files), call);
  expect(merged.events.filter(({ kind }) => kind === "copy-recovering")).toHaveLength(rig.files.length);
  expect(await problems(rig, before)).toEqual([]);
});

test("merged level 1 backups are removed by their keys, and no copy with them", async () => {
  await using rig = await rmanRig();
  await baseline(rig);
  await rig.addRow();
  await refresh(rig);
  const made = await rig.levelOnes();
  expect(made.every(({ handle }) => existsSync(handle) && dirname(handle) === rig.run.pieces)).toBe(true);
  const keys = [...new Set(made.map(({ key }) => key))];
  await rig.rman.run(removeLevelOnesScript(keys), call);
  expect(await rig.levelOnes()).toEqual([]);
  expect(readdirSync(rig.run.pieces)).toEqual([]);
  expect(await rig.copies()).toHaveLength(rig.files.length);
  await rig.addRow();
  await refresh(rig);
});

test("a merge may be asked for again: what was merged is not applied twice", async () => {
  await using rig = await rmanRig();
  await baseline(rig);
  await rig.addRow();
  await refresh(rig);
  const before = await rig.copies();
  const { events } = await rig.rman.run(mergeScript(rig.run, rig.files), call);
  expect(events.filter(({ kind }) => kind === "nothing-to-recover")).toHaveLength(rig.files.length);
  expect(await rig.copies()).toEqual(before);
});

test("copies that were forgotten are known again when they are catalogued", async () => {
  await using rig = await rmanRig();
  await baseline(rig);
  const paths = (await rig.copies()).map(({ path }) => path);
  await rig.rman.run(uncatalogScript(paths), call);
  expect(await rig.copies()).toEqual([]);
  await rig.rman.run(catalogScript(rig.run.tag, paths), call);
  await rig.addRow();
  await refresh(rig);
  expect((await rig.copies()).map(({ path }) => path)).toEqual(paths);
});

test("the script lies in a directory of its owner's alone while RMAN reads it, and is gone then", async () => {
  await using rig = await rmanRig();
  const seen: { readonly path: string; readonly modes: readonly number[] }[] = [];
  const local = createLocalHost({ copier: noCopier });
  const host: Pick<Host, "run" | "remove"> = {
    remove: (path, options) => local.remove(path, options),
    run: async (argv: readonly string[], options: RunOptions) => {
      const path = argv[argv.indexOf("cmdfile") + 1] ?? "";
      if (argv.includes("cmdfile"))
        seen.push({ path, modes: [path, dirname(path)].map((one) => statSync(one).mode & 0o777) });
      return await local.run(argv, options);
    },
  };
  await rig.rmanOver(host).run(uncatalogScript([]), call);
  expect(seen).toEqual([{ path: expect.stringContaining(tmpdir()) as string, modes: [0o600, 0o700] }]);
  expect(existsSync(dirname(seen[0]?.path ?? tmpdir()))).toBe(false);
});

test("what RMAN refuses is told with its codes, and the copies stay as they were", async () => {
  await using rig = await rmanRig();
  await baseline(rig);
  await rig.addRow();
  await rig.rman.run(incrementalScript(rig.run, rig.files), call);
  const before = await rig.copies();
  rmSync((await rig.levelOnes())[0]?.handle ?? "");
  await expect(rig.rman.run(mergeScript(rig.run, rig.files), call)).rejects.toMatchObject({
    code: "UMB-5501",
    context: { cause: "ORA-19505", lost: false },
  });
  expect(await rig.copies()).toEqual(before);
});

test("no room, or no directory, is told apart from a refusal", async () => {
  await using rig = await rmanRig();
  rmSync(rig.run.pieces, { recursive: true });
  await baseline(rig);
  const asked = rig.rman.run(incrementalScript(rig.run, rig.files), call);
  await expect(asked).rejects.toMatchObject({ code: "UMB-5506", context: { cause: "ORA-27040" } });
});

test("where RMAN puts its snapshot of the control file is told, named and given back", async () => {
  await using rig = await rmanRig();
  const told = async () => {
    const { events } = await rig.rman.run(showSnapshotControlfileScript(), call);
    return events.filter(({ kind }) => kind === "snapshot-controlfile");
  };
  const [usual] = await told();
  expect(usual).toMatchObject({ isDefault: true });
  const path = `${rig.area}/snapcf.f` as typeof rig.area;
  await rig.rman.run(nameSnapshotControlfileScript(path), call);
  expect(await told()).toEqual([{ kind: "snapshot-controlfile", path, isDefault: false }]);
  await rig.rman.run(resetSnapshotControlfileScript(), call);
  expect(await told()).toEqual([usual]);
});

test("an instance that is down is one, not a broken backup", async () => {
  await using rig = await rmanRig();
  await rig.home.engine.shutdown("IMMEDIATE");
  const asked = rig.rman.run(incrementalScript(rig.run, rig.files), call);
  await expect(asked).rejects.toMatchObject({ code: "UMB-5506", context: { lost: false } });
});

test("an ORACLE_HOME without rman is told", async () => {
  await using rig = await rmanRig();
  rmSync(`${rig.home.oracleHome}/bin/rman`);
  const asked = rig.rman.run(mergeScript(rig.run, rig.files), call);
  await expect(asked).rejects.toMatchObject({ code: "UMB-5506", context: { lost: false } });
});

test("a call that was cancelled before it began does nothing", async () => {
  await using rig = await rmanRig();
  const signal = AbortSignal.abort();
  await expect(rig.rman.run(mergeScript(rig.run, rig.files), { ...call, signal })).rejects.toMatchObject({
    code: "UMB-5204",
  });
});

test("a simulated host that is gone leaves the outcome unknown", async () => {
  await using rig = await rmanRig();
  await rig.home.door.close();
  await expect(rig.rman.run(mergeScript(rig.run, rig.files), call)).rejects.toMatchObject({
    code: "UMB-5503",
    context: { lost: true },
  });
});

test("a merge whose answer was lost is an unknown outcome, and the database tells what became of it", async () => {
  await using rig = await rmanRig();
  await baseline(rig);
  const before = await rig.copies();
  await rig.addRow();
  await rig.rman.run(incrementalScript(rig.run, rig.files), call);
  const local = createLocalHost({ copier: noCopier });
  const cut: Pick<Host, "run" | "remove"> = {
    remove: (path, options) => local.remove(path, options),
    run: async (argv, options) => {
      const ended = await local.run(argv, options);
      if (argv.includes("cmdfile")) throw new UmbraError("UMB-7203", { host: "db", program: "rman" });
      return ended;
    },
  };
  await expect(rig.rmanOver(cut).run(mergeScript(rig.run, rig.files), call)).rejects.toMatchObject({
    code: "UMB-5502",
    context: { lost: true },
  });
  expect(await problems(rig, before)).toEqual([]);
});

test("a program that was killed is an unknown outcome too", async () => {
  await using rig = await rmanRig();
  const local = createLocalHost({ copier: noCopier });
  const killed: Pick<Host, "run" | "remove"> = {
    remove: (path, options) => local.remove(path, options),
    run: (argv, options) =>
      local.run(argv.includes("cmdfile") ? ["/bin/sh", "-c", "kill -9 $$"] : argv, options),
  };
  await expect(rig.rmanOver(killed).run(mergeScript(rig.run, rig.files), call)).rejects.toMatchObject({
    code: "UMB-5502",
  });
});

test("the same over a real ssh server", async (context) => {
  requireProgram(context, "sshd");
  await using rig = await rmanRig();
  await using server = await OpenSsh.start();
  using host = server.host();
  const rman = rig.rmanOver(host);
  const { events } = await rman.run(imageCopyScript(rig.run, rig.images), call);
  expect(events.filter(({ kind }) => kind === "copy-written")).toHaveLength(rig.files.length);
  await rig.addRow();
  await rman.run(incrementalScript(rig.run, rig.files), call);
  rmSync((await rig.levelOnes())[0]?.handle ?? "");
  await expect(rman.run(mergeScript(rig.run, rig.files), call)).rejects.toMatchObject({ code: "UMB-5501" });
});

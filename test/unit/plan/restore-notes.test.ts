import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";

import { instant } from "../../../src/domain/instant.ts";
import type {
  ColdManifest,
  HotManifest,
  Manifest,
  ManifestDatafile,
  RefreshedManifest,
  SnapshotManifest,
} from "../../../src/domain/manifest.ts";
import type { RunId } from "../../../src/domain/names.ts";
import { restoreNotesText } from "../../../src/plan/restore-notes.ts";
import { madeManifest } from "../../rigs/kept-backups.ts";
import { blocksOf } from "../../rigs/restored-by-notes.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";

const RUN = "20261121T151600Z-hot-4f2a91" as RunId;
const NAME = "umbra-20261121T151600Z-snapshot-4f2a91.data";
const made = { at: instant(0), from: 10, to: 90 };
const byHand = {
  make: ["zfs clone tank/u01@x tank/u01/restore-x"],
  undo: ["zfs destroy tank/u01/restore-x"],
};

type Change = (file: ManifestDatafile) => ManifestDatafile;
const asMade: Change = (file) => file;

function hot(change = asMade): HotManifest {
  const manifest = madeManifest(RUN, made);
  if (manifest.kind !== "hot") throw new Error(manifest.kind);
  return { ...manifest, datafiles: manifest.datafiles.map(change) };
}

function cold(change = asMade): ColdManifest {
  const manifest = madeManifest(RUN, { ...made, kind: "cold", keptIn: "20260101T000000Z-cold-1" });
  if (manifest.kind !== "cold") throw new Error(manifest.kind);
  return { ...manifest, datafiles: manifest.datafiles.map(change) };
}

function live(change = asMade): RefreshedManifest {
  const more = { recoverFrom: "10", usableFrom: "15", madeBy: RUN, refreshedBy: RUN };
  const datafiles = hot(change).datafiles.map((file) => ({ ...file, ...more }));
  return { ...hot(), kind: "refreshed", engine: "blocks", run: RUN, dirty: [], dropped: [], datafiles };
}

function bySnapshots(change = asMade): SnapshotManifest {
  const volume = { storage: "san", volume: "tank/u01" };
  const inSnapshot = {
    ...volume,
    snapshot: NAME,
    inside: "oradata/a b/f1.dbf",
    mode: "backup-mode" as const,
  };
  const snapshot = { ...volume, mountPoint: "/u01", name: NAME, id: "77", createdAt: "2026-11-21T15:16:00Z" };
  return {
    ...hot(),
    kind: "snapshot",
    suspended: false,
    datafiles: hot(change).datafiles.map((file) => ({ ...file, ...inSnapshot })),
    snapshots: [{ ...snapshot, tag: { agent: "a", database: "TEST", run: RUN }, byHand }],
  };
}

const each: readonly [string, (change?: Change) => Manifest][] = [
  ["hot", hot],
  ["cold", cold],
  ["live", live],
  ["by snapshots", bySnapshots],
];
const sqlOf = (notes: string) => blocksOf(notes, "sql").join("");

describe.each(each)("the notes of a backup (%s)", (kind, manifestWith) => {
  test("name every file that its manifest names, and say where it goes", () => {
    const manifest = manifestWith();
    const notes = restoreNotesText(manifest);
    const kept = manifest.kind === "cold" ? manifest.kept : [];
    for (const { source, tablespace, file } of [...manifest.datafiles, ...kept]) {
      expect(notes).toContain(`| ${file} | CDB$ROOT | ${tablespace} | \`${source}\` |`);
      expect(sqlOf(notes)).toContain(`RENAME FILE '${source}' TO '`);
    }
    for (const file of [manifest.controlfile, manifest.controlfileScript]) expect(notes).toContain(file.name);
    for (const { backup } of kept) expect(notes).toContain(`cp '../../cold/${backup}/data/`);
    const isCold = kind === "cold";
    expect(notes.includes(`UNTIL CHANGE ${manifest.scns.recoverableTo} USING BACKUP CONTROLFILE`)).toBe(
      !isCold,
    );
    expect(notes.includes(`recover at least until change ${manifest.scns.minimumRecovery}`)).toBe(!isCold);
    expect(sqlOf(notes).includes("RECOVER DATABASE UNTIL CANCEL\nCANCEL\n")).toBe(isCold);
    expect(sqlOf(notes).indexOf("no_name_is_left")).toBeLessThan(sqlOf(notes).indexOf("RECOVER "));
  });

  test("keep a name as it is, whatever is in it", () => {
    const odd = fc.string({ unit: fc.constantFrom("a", "'", '"', "$", "`", "&", " ", "|", ";", "\\", "é") });
    const law = fc.property(odd, (name) => {
      const source = `/u01/${name}.dbf`;
      const notes = restoreNotesText(manifestWith((file) => ({ ...file, source })));
      expect(sqlOf(notes)).toContain(`RENAME FILE '${source.replaceAll("'", "''")}' TO '`);
      expect(sqlOf(notes).startsWith("SET DEFINE OFF\n")).toBe(true);
    });
    fc.assert(law, { numRuns: 50 });
  });
});

test("files in snapshots are used where the storage's bare commands put them, beside their volume's own", () => {
  const notes = restoreNotesText(bySnapshots());
  expect(blocksOf(notes, "sh")[0]).toBe(`${byHand.make[0]}\n`);
  expect(blocksOf(notes, "text")).toEqual([`${byHand.undo[0]}\n`]);
  const root = `/u01/oradata/a b/restore-${NAME}`;
  expect(sqlOf(notes)).toContain(`TO '${root}/oradata/a b/f1.dbf';`);
  expect(sqlOf(notes)).toContain(`name NOT LIKE '${root}/%'`);
  const { byHand: _, ...unknown } = bySnapshots().snapshots[0] ?? {};
  const silent = { ...bySnapshots(), snapshots: [unknown as SnapshotManifest["snapshots"][number]] };
  expect(restoreNotesText(silent)).toContain(`make its files writable at \`${root}\``);
});

test("without backup mode recovery is told the moment of the snapshots", () => {
  const local = "2026-11-21 15:16:09";
  const [databaseSkewMs, hostSkewMs, uncertaintyMs, marginMs] = [0, 0, 1, 1] as const;
  const measured = { databaseSkewMs, hostSkewMs, uncertaintyMs, marginMs };
  const utc = "2026-11-21T15:16:09Z";
  const snapshotTime = { utc, local, completedAt: utc, ...measured };
  const manifest: SnapshotManifest = { ...bySnapshots(), snapshotTime };
  expect(sqlOf(restoreNotesText(manifest))).toContain(
    `UNTIL CHANGE 90 USING BACKUP CONTROLFILE SNAPSHOT TIME '${local}'\n`,
  );
});

test("what only some backups have is told: a keystore, online logs, a part of a database, files that redo makes", () => {
  const whole = hot();
  const wallets = [{ type: "FILE", location: "/etc/keystore", status: "OPEN" }];
  expect(restoreNotesText({ ...whole, wallets })).toContain(
    "at /etc/keystore. Without it nothing is recovered",
  );
  expect(restoreNotesText({ ...whole, whole: false })).toContain("not the whole database");
  const absent = [{ file: 9, creationScn: "40", source: "/u01/new.dbf", why: "created-later" as const }];
  expect(sqlOf(restoreNotesText({ ...whole, absent }))).toContain(
    "CREATE DATAFILE '/u01/new.dbf' AS '@NEW@/data/created_9_new.dbf'",
  );
  const redo = { name: "redo/1.log", bytes: 1, sha256: "0", thread: 1, group: 1, source: "/u01/redo01.log" };
  const closed = { ...cold(), onlineRedo: [redo] };
  expect(restoreNotesText(closed)).toContain("Never copy them over online logs that are there");
  expect(sqlOf(restoreNotesText(closed))).not.toContain("redo/1.log");
});

/** The directory of a hot backup with its notes; what the shell of the notes makes of it. */
function placed(manifest: Manifest) {
  const scratch = scratchDirectory();
  onTestFinished(() => scratch[Symbol.dispose]());
  const [here, base] = [join(scratch.path, "backup"), join(scratch.path, "new place")];
  const notes = restoreNotesText(manifest);
  const files = [...manifest.datafiles, ...manifest.logs, manifest.controlfile].map(({ name }) => name);
  for (const name of [...files, "parameters/init.ora"]) {
    mkdirSync(dirname(join(here, name)), { recursive: true });
    writeFileSync(join(here, name), name);
  }
  writeFileSync(join(here, "RESTORE.md"), notes);
  const parameters = ["*.sga_target=1G", "*.control_files='/u01/c.ctl'", "T1.Log_Archive_Dest_2='SERVICE=x'"];
  writeFileSync(join(here, "parameters/init.ora"), `${parameters.join("\n")}\n`);
  const run = () =>
    execFileSync("sh", ["-eu", "-c", blocksOf(notes, "sh").join("")], {
      cwd: here,
      env: { ...process.env, NEW: base },
      stdio: ["ignore", "pipe", "ignore"],
    });
  return { here, base, run, readNew: (name: string) => readFileSync(join(base, name), "utf8") };
}

const parameterText = { name: "parameters/init.ora", bytes: 1, sha256: "0".repeat(64) };

test("the shell places copies, logs under the names that recovery looks for, and parameters without the old places", () => {
  const manifest = { ...hot(), parameterText };
  const { here, base, run, readNew } = placed(manifest);
  run();
  expect(readNew("data/1_1_f.dbf")).toBe("data/1_1_f.dbf");
  expect(readNew("control01.ctl")).toBe("control/control.bkp");
  expect(readlinkSync(join(base, "logs/1_1_7.arc"))).toBe(join(here, "logs/1_10.arc"));
  expect(readNew("init.ora").split("\n")).toEqual([
    "*.sga_target=1G",
    `*.control_files='${base}/control01.ctl'`,
    `*.log_archive_dest_1='LOCATION=${base}/arch'`,
    "*.log_archive_format='%t_%s_%r.arc'",
    "",
  ]);
  expect(readNew("restore.sql")).toBe(sqlOf(restoreNotesText(manifest)).replaceAll("@NEW@", base));
});

test("no script is left where its RENAME FILE would delete a file of the first database", () => {
  const scratch = scratchDirectory();
  onTestFinished(() => scratch[Symbol.dispose]());
  const source = join(scratch.path, "o1_mf_it's_x_.dbf");
  const manifest = { ...hot((file) => ({ ...file, source })), parameterText };
  const elsewhere = placed(manifest);
  elsewhere.run();
  expect(existsSync(join(elsewhere.base, "restore.sql"))).toBe(true);
  writeFileSync(source, "production");
  const beside = placed(manifest);
  beside.run();
  expect(existsSync(join(beside.base, "restore.sql"))).toBe(false);
});

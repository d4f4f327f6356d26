import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { FilePath } from "../src/domain/names.ts";
import type { ByteExtent, FindChanges } from "../src/ports/copier.ts";
import { changeBlocks, writeDatafile } from "./datafile.ts";
import { command, dropFromCache, median, timed } from "./measure.ts";
import type { BenchOptions } from "./options.ts";
import type { RefreshOnce } from "./refresh-once.ts";
import { shipped } from "./shipped.ts";
import { snapshotGrowthRatio } from "./snapshot-growth.ts";

const FILES = 4;
const BLOCK = 8192;

/** Shares of changed blocks; the targets are about the second. */
const shares = [0.001, 0.01, 0.1] as const;
const TARGET_SHARE = 0.01;

const targets = {
  ratioToRsync: 0.35,
  ratioToCp: 1,
  bytesWrittenRatio: 1.1,
  changedListRatio: 0.1,
  snapshotGrowthRatio: 1.2,
} as const;

const sides = ["compare", "hashes", "list", "rsync", "cp"] as const;
type Side = (typeof sides)[number];

/** The datafiles, and for each side a copy of all of them that is always one change behind. */
interface Area {
  readonly folder: string;
  readonly script: string;
  readonly blocks: number;
  /** Changes so far. */
  generation: number;
}

interface Round {
  readonly seconds: Readonly<Record<Side, number>>;
  readonly changedBytes: number;
  readonly bytesWritten: number;
}

/**
 * A refresh in place against `rsync --inplace --no-whole-file` and against `cp`, each with files that are not in the
 * page cache, and durable at its end. `ratioToRsync`, `ratioToCp` and `bytesWrittenRatio` are of the refresh that
 * compares, the slowest; a list is measured against the whole scan by hashes, the fastest.
 */
export async function benchRefresh(options: BenchOptions): Promise<Readonly<Record<string, number>>> {
  const folder = mkdtempSync(join(tmpdir(), "umbra-bench-"));
  try {
    const area = await prepare(folder, options.size);
    const rounds = new Map<number, Round[]>();
    for (const share of shares) {
      const count = share === TARGET_SHARE ? options.pairs : 1;
      const measured: Round[] = [];
      for (let round = 0; round < count; round += 1) measured.push(await measure(area, share, round === 0));
      rounds.set(share, measured);
    }
    const of = (share: number, figure: (round: Round) => number) =>
      median((rounds.get(share) ?? []).map(figure));
    const growth = await snapshotGrowthRatio(folder, area.script, Math.floor(options.size / 8), TARGET_SHARE);
    const figures = {
      ratioToRsync: of(TARGET_SHARE, ({ seconds }) => seconds.compare / seconds.rsync),
      ratioToRsyncByHashes: of(TARGET_SHARE, ({ seconds }) => seconds.hashes / seconds.rsync),
      ratioToCp: of(TARGET_SHARE, ({ seconds }) => seconds.compare / seconds.cp),
      ratioToCpByHashes: of(TARGET_SHARE, ({ seconds }) => seconds.hashes / seconds.cp),
      bytesWrittenRatio: of(TARGET_SHARE, (round) => round.bytesWritten / round.changedBytes),
      changedListRatio: of(0.001, ({ seconds }) => seconds.list / seconds.hashes),
      ...(growth === undefined ? {} : { snapshotGrowthRatio: growth }),
      bytes: options.size,
      pairs: options.pairs,
    };
    print(figures);
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const fileOf = (area: { folder: string }, side: Side | "source", index: number) =>
  join(area.folder, side, `users0${index}.dbf`) as FilePath;
const indexes = Array.from({ length: FILES }, (_, index) => index + 1);

async function prepare(folder: string, size: number): Promise<Area> {
  const script = shipped(join(folder), "refresh-once");
  for (const name of ["source", ...sides]) mkdirSync(join(folder, name));
  let blocks = 0;
  for (const index of indexes) {
    ({ blocks } = await writeDatafile(fileOf({ folder }, "source", index), Math.floor(size / FILES)));
    for (const side of sides) {
      copyFileSync(fileOf({ folder }, "source", index), fileOf({ folder }, side, index));
    }
  }
  const area = { folder, script, blocks, generation: 0 };
  // The first hashes; a copy that has none is compared.
  refreshOnce(area, "hashes", () => ({ by: "compare" }));
  return area;
}

async function measure(area: Area, share: number, isChecked: boolean): Promise<Round> {
  area.generation += 1;
  const lists: (readonly ByteExtent[])[] = [];
  for (const index of indexes) {
    lists.push(await changeBlocks(fileOf(area, "source", index), area.blocks, share));
  }
  const seconds = { compare: 0, hashes: 0, list: 0, rsync: 0, cp: 0 };
  let bytesWritten = 0;
  for (const turn of sides.keys()) {
    const side = sides[(turn + area.generation) % sides.length] ?? "cp";
    dropFromCache(...indexes.flatMap((index) => [fileOf(area, "source", index), fileOf(area, side, index)]));
    if (side === "rsync" || side === "cp") seconds[side] = tool(area, side);
    else {
      const done = refreshOnce(area, side, (index) =>
        side === "list" ? { by: "list", extents: lists[index - 1] ?? [] } : { by: side },
      );
      seconds[side] = done.seconds;
      if (side === "compare") ({ bytesWritten } = done);
    }
    if (isChecked) check(area, side);
  }
  const said = sides.map((side) => `${side} ${seconds[side].toFixed(2)} s`).join(", ");
  console.error(`${(share * 100).toFixed(1)} % changed: ${said}`);
  const changedBlocks = lists.reduce((sum, list) => sum + list.length, 0);
  return { seconds, changedBytes: changedBlocks * BLOCK, bytesWritten };
}

function tool(area: Area, side: "rsync" | "cp"): number {
  const pairs = indexes.map((index) => [fileOf(area, "source", index), fileOf(area, side, index)] as const);
  const argv = side === "cp" ? ["cp"] : ["rsync", "--inplace", "--no-whole-file"];
  return timed(
    ...pairs.flatMap(([from, to]) => [
      [...argv, from, to],
      ["sync", to],
    ]),
  );
}

interface Done {
  readonly seconds: number;
  readonly bytesWritten: number;
  readonly foundBy: readonly string[];
}

function refreshOnce(area: Area, side: Side, changes: (index: number) => FindChanges): Done {
  const requests = indexes.map((index): RefreshOnce => {
    const source = fileOf(area, "source", index);
    const target = fileOf(area, side, index);
    if (side !== "hashes") return { source, target, changes: changes(index) };
    const path = `${target}.hashes` as FilePath;
    const [generation, next] = [String(area.generation - 1), String(area.generation)];
    return { source, target, changes: changes(index), hashes: { path, generation, next } };
  });
  const asked = join(area.folder, "requests.json");
  writeFileSync(asked, JSON.stringify(requests));
  const done = JSON.parse(command([process.execPath, area.script, asked])) as Done;
  const wrong = done.foundBy.filter((by, at) => by !== changes(at + 1).by);
  if (wrong.length > 0) throw new Error(`the changes were found by ${wrong.join(", ")}`);
  return done;
}

/** Whoever is faster must have done the same. */
function check(area: Area, side: Side): void {
  for (const index of indexes) command(["cmp", fileOf(area, "source", index), fileOf(area, side, index)]);
}

function print(figures: Readonly<Record<string, number>>): void {
  console.log("figure                    measured   target");
  for (const [name, target] of Object.entries(targets)) {
    const value = figures[name]?.toFixed(3) ?? "not run";
    console.log(`${name.padEnd(24)} ${value.padStart(9)}   <= ${target}`);
  }
  for (const name of ["ratioToRsyncByHashes", "ratioToCpByHashes"]) {
    console.log(`${name.padEnd(24)} ${(figures[name] ?? NaN).toFixed(3).padStart(9)}`);
  }
}

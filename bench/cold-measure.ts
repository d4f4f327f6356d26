import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { loopVolume } from "../test/rigs/loop-volume.ts";
import { changeFreeBlocks } from "./cold-blocks.ts";
import { coldDatabase } from "./cold-database.ts";
import { dropFromCache, median } from "./measure.ts";

const CHANGED_SHARE = 0.01;
/** Shares of the given size. */
const SIZES = [0.25, 0.5, 1] as const;
const GIB = 2 ** 30;

export interface ColdFigures {
  /** By size of the database, as `0.5G`; absent where no file system with reflinks can be had. */
  readonly downtimeOverheadSecondsBySize?: Readonly<Record<string, number>>;
  readonly preCopyDowntimeRatio: number;
  readonly preCopyDowntimeSeconds: number;
  readonly plainDowntimeSeconds: number;
}

class NoReflink extends Error {}

/** `node cold-measure.js BYTES PAIRS`: prints `ColdFigures` as JSON. Progress goes to standard error. */
const [wholeSize, rounds] = process.argv.slice(2).map(Number) as [number, number];
const overheads = await overheadsBySize(wholeSize, rounds).catch((error: unknown) => {
  if (!(error instanceof NoReflink)) throw error;
  console.error(`short-downtime mode was not measured: ${error.message}`);
  return undefined;
});
const figures: ColdFigures = {
  ...(overheads === undefined ? {} : { downtimeOverheadSecondsBySize: overheads }),
  ...(await preCopyAgainstPlain(wholeSize, rounds)),
};
console.log(JSON.stringify(figures));

async function overheadsBySize(size: number, pairs: number): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  for (const share of SIZES) {
    const bytes = Math.round(size * share);
    const overhead = await overheadAt(bytes, pairs);
    found[`${bytes / GIB}G`] = overhead;
  }
  return found;
}

async function overheadAt(bytes: number, pairs: number): Promise<number> {
  const skip = (note?: unknown): never => {
    throw new NoReflink(String(note));
  };
  let volume;
  try {
    // The database, one backup of it, and what the picture keeps of blocks that change.
    volume = loopVolume({ skip }, { mkfs: ["mkfs.xfs", "-q", "-m", "reflink=1"], bytes: 2.5 * bytes + GIB });
  } catch (error) {
    if (error instanceof NoReflink) throw error;
    throw new NoReflink(`a file system with reflinks cannot be had here: ${String(error)}`, { cause: error });
  }
  await using mounted = volume;
  await using database = await coldDatabase(mounted.path, bytes);
  const downtimes: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < pairs; round += 1) {
    bare.push(database.restart());
    downtimes.push((await database.backUp({ mode: "snapshot" })).downtime);
  }
  const [ours, theirs] = [median(downtimes), median(bare)];
  console.error(
    `snapshot, ${(bytes / GIB).toFixed(2)} GiB: down ${ours.toFixed(2)} s, SHUTDOWN and STARTUP alone ${theirs.toFixed(2)} s`,
  );
  return ours - theirs;
}

async function preCopyAgainstPlain(size: number, pairs: number) {
  const folder = mkdtempSync(join(tmpdir(), "umbra-bench-"));
  const ratios: number[] = [];
  const seconds = { plain: [] as number[], preCopy: [] as number[] };
  try {
    mkdirSync(join(folder, "host"));
    await using database = await coldDatabase(join(folder, "host"), size);
    const paths = database.files.map(({ path }) => path);
    for (let round = 0; round < pairs; round += 1) {
      dropFromCache(...paths);
      const plain = await database.backUp({ mode: "plain" });
      dropFromCache(...paths);
      const preCopy = await database.backUp({ mode: "pre-copy" }, () =>
        changeFreeBlocks(database.files, CHANGED_SHARE),
      );
      ratios.push(preCopy.downtime / plain.downtime);
      seconds.plain.push(plain.downtime);
      seconds.preCopy.push(preCopy.downtime);
      console.error(
        `round ${round + 1}: down ${plain.downtime.toFixed(2)} s plain, ${preCopy.downtime.toFixed(2)} s with pre-copy`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    preCopyDowntimeRatio: median(ratios),
    preCopyDowntimeSeconds: median(seconds.preCopy),
    plainDowntimeSeconds: median(seconds.plain),
  };
}

import { readFileSync } from "node:fs";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { ListTestimony } from "../../../src/copy/list-testimony.ts";
import type { ListedChanges } from "../../../src/ports/copier.ts";
import { BLOCK } from "../formats/oracle-file.ts";
import { bothCopiers, fileOf, refreshRig, sha256 } from "./refreshing.ts";

/** SCN of a block in its first version (`fileOf`); later ones are newer. */
const CHECKPOINT = 1000n;

const copiers = bothCopiers();

/** Data blocks by their index; the first is block 2 of the file. */
const listOf = (indexes: readonly number[], more: Partial<ListedChanges> = {}): ListedChanges => ({
  by: "list",
  extents: indexes.map((index) => ({ offset: (index + 2) * BLOCK, bytes: BLOCK })),
  newerThan: { begin: CHECKPOINT, copy: CHECKPOINT },
  ...more,
});
const states = fc.array(fc.boolean(), { minLength: 4, maxLength: 30 });

describe.each(Object.entries(copiers))("a list of changes %s", (_, copier) => {
  test("that is honest is never doubted, also where it is proved, whatever else it lists beside a change", async () => {
    await fc.assert(
      fc.asyncProperty(states, fc.boolean(), fc.nat(2), async (hasChanged, prove, beside) => {
        const [old, now] = [fileOf(hasChanged.map(() => 0)), fileOf(hasChanged.map(Number))];
        await using r = await refreshRig(now, old);
        const near = (index: number) => hasChanged.some((one, at) => one && Math.abs(at - index) <= beside);
        const listed = hasChanged.flatMap((_one, index) => (near(index) ? [index] : []));
        const changes = listOf(listed, prove ? { prove } : {});
        const result = await copier.refresh(r.refreshRequest({ changes }));
        expect(result).not.toHaveProperty("doubt");
        expect(result).toMatchObject({ foundBy: prove ? "compare" : "list" });
        expect(readFileSync(r.target).equals(now)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test("that lacks a block is found out where it is proved, and nowhere else", async () => {
    const [old, now] = [fileOf([0, 0, 0, 0, 0, 0, 0, 0]), fileOf([0, 1, 0, 0, 1, 1, 0, 0])];
    await using r = await refreshRig(now, old);
    const believed = await copier.refresh(r.refreshRequest({ changes: listOf([1]) }));
    expect(believed).not.toHaveProperty("doubt");
    expect(readFileSync(r.target).equals(now)).toBe(false);
    const proved = await copier.refresh(r.refreshRequest({ changes: listOf([1], { prove: true }) }));
    expect(proved).toMatchObject({
      foundBy: "compare",
      doubt: { why: "unlisted", count: 2 },
      blocksWritten: 2,
      sha256: sha256(now),
    });
    expect(readFileSync(r.target).equals(now)).toBe(true);
  });

  test("with a block that differs and is not newer is not believed: all is compared", async () => {
    const [old, now] = [fileOf([0, 0, 0, 0, 0, 0]), fileOf([0, 1, 0, 2, 2, 0])];
    await using r = await refreshRig(now, old);
    const changes = listOf([1, 3], { newerThan: { begin: CHECKPOINT, copy: CHECKPOINT + 1n } });
    const result = await copier.refresh(r.refreshRequest({ changes }));
    expect(result).toMatchObject({ foundBy: "compare", doubt: { why: "older", block: 3, count: 1 } });
    expect(readFileSync(r.target).equals(now)).toBe(true);
  });

  test("with a run of which nothing is new is about something else: all is compared", async () => {
    const [old, now] = [fileOf([0, 0, 0, 0, 0, 0, 0]), fileOf([0, 0, 0, 0, 1, 0, 1])];
    await using r = await refreshRig(now, old);
    const result = await copier.refresh(r.refreshRequest({ changes: listOf([1, 2, 4]) }));
    expect(result).toMatchObject({ foundBy: "compare", doubt: { why: "nothing-new", block: 3, count: 1 } });
    expect(readFileSync(r.target).equals(now)).toBe(true);
  });
});

describe("blocks that bear a list out", () => {
  const about = {
    blockSize: BLOCK,
    byteOrder: "little",
    newerThan: { begin: 5n, copy: 5n },
    oldBytes: 40 * BLOCK,
  } as const;
  const blockOf = (scn: number, type = 6) => {
    const block = Buffer.alloc(BLOCK);
    block[0] = type;
    block.writeUInt32LE(scn, 8);
    return block;
  };
  const all = [{ from: 0, to: BLOCK }];

  test("a run is one, in how many pieces it is read", () => {
    const pieces = [2, 3, 4].map((block) => ({ offset: (block + 8) * BLOCK, bytes: BLOCK }));
    const run = new ListTestimony(about, pieces);
    for (const [index, { offset }] of pieces.entries()) run.hear(blockOf(index === 2 ? 6 : 5), offset, []);
    expect(run.doubt()).toBeUndefined();
  });

  test("what was written between the begin of the list and the copy bears it out, and must not differ", () => {
    const piece = { offset: 10 * BLOCK, bytes: BLOCK };
    const doubtOf = (differing: typeof all) => {
      const testimony = new ListTestimony({ ...about, newerThan: { begin: 3n, copy: 5n } }, [piece]);
      testimony.hear(blockOf(4), piece.offset, differing);
      return testimony.doubt();
    };
    expect(doubtOf([])).toBeUndefined();
    expect(doubtOf(all)).toEqual({ why: "older", block: 10, count: 1 });
  });

  test("headers, what was added, and blocks that never changed are no reason for doubt", () => {
    const places = [0, 1, 20, 30, 40, 41];
    const pieces = places.map((block) => ({ offset: block * BLOCK, bytes: BLOCK }));
    const testimony = new ListTestimony(about, pieces);
    for (const block of [0, 1, 40, 41]) testimony.hear(blockOf(3), block * BLOCK, all);
    testimony.hear(blockOf(0, 0), 20 * BLOCK, []);
    // Cut off and added again: it is formatted anew.
    testimony.hear(blockOf(0, 0), 30 * BLOCK, all);
    expect(testimony.doubt()).toBeUndefined();
  });

  test("SCNs are read in both byte orders and both forms", () => {
    const long = Buffer.alloc(BLOCK, 0);
    long[0] = 6;
    // 12.2 and later: the third part stands in bytes 2 and 3.
    long.writeUInt16BE(1, 2);
    long.writeUInt32BE(7, 8);
    long.writeUInt16BE(0x8000, 12);
    const scn = 2n ** 32n + 7n;
    const piece = { offset: 10 * BLOCK, bytes: BLOCK };
    const doubtAt = (newerThan: bigint) => {
      const testimony = new ListTestimony(
        { ...about, byteOrder: "big", newerThan: { begin: newerThan, copy: newerThan } },
        [piece],
      );
      testimony.hear(long, piece.offset, []);
      return testimony.doubt();
    };
    expect(doubtAt(scn - 1n)).toBeUndefined();
    expect(doubtAt(scn)).toEqual({ why: "nothing-new", block: 10, count: 1 });
  });
});

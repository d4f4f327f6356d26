import { describe, expect, test } from "vitest";

import type { FilePath } from "../../../src/domain/names.ts";
import type { PictureTaker } from "../../../src/ports/picture.ts";
import { picturesByPlace } from "../../../storage-adapters/pictures-by-place.ts";

const call = { deadlineMs: 1000 };
const paths = (...all: readonly string[]) => all as readonly FilePath[];

/** A taker that notes what it is asked for. */
function noting(name: string, said: string[], trouble?: Error): PictureTaker {
  const note = (what: string, files: readonly FilePath[]) =>
    void said.push(`${name} ${what} ${files.join(" ")}`);
  return {
    whyNot: (files) => {
      note("whyNot", files);
      return Promise.resolve(trouble?.message);
    },
    take: (_, files) => {
      note("take", files);
      const taken = files.map((file) => [file, `/${name}${file}` as FilePath] as const);
      return trouble === undefined ? Promise.resolve({ files: new Map(taken) }) : Promise.reject(trouble);
    },
    remove: (_, files) => {
      note("remove", files);
      return trouble === undefined ? Promise.resolve() : Promise.reject(trouble);
    },
  };
}

function rig(trouble?: Error) {
  const said: string[] = [];
  const places = [
    { path: "/u02" as FilePath, taker: noting("outer", said, trouble) },
    { path: "/u02/fast" as FilePath, taker: noting("inner", said) },
  ];
  return { said, taker: picturesByPlace(places, noting("other", said)) };
}

const files = paths("/u02/a.dbf", "/u02/fast/b.dbf", "/u02fast/c.dbf", "/u03/d.dbf");

describe("a picture over several storages", () => {
  test("each file is taken by the nearest storage above it, others by their file system", async () => {
    const { said, taker } = rig();
    expect([...(await taker.take("run", files, call)).files.values()].toSorted()).toEqual([
      "/inner/u02/fast/b.dbf",
      "/other/u02fast/c.dbf",
      "/other/u03/d.dbf",
      "/outer/u02/a.dbf",
    ]);
    expect(said).toHaveLength(3);
  });

  test("what one storage cannot do, the picture cannot be", async () => {
    expect(await rig().taker.whyNot(files, call)).toBeUndefined();
    expect(await rig(new Error("no program")).taker.whyNot(files, call)).toBe("no program");
  });

  test("where one removal fails the others are made all the same, and it is told", async () => {
    const { said, taker } = rig(new Error("busy"));
    await expect(taker.remove("run", files, call)).rejects.toThrow("busy");
    expect(said.toSorted()).toEqual([
      "inner remove /u02/fast/b.dbf",
      "other remove /u02fast/c.dbf /u03/d.dbf",
      "outer remove /u02/a.dbf",
    ]);
  });
});

import { expect, test } from "vitest";

import { type Mount, mountOf } from "../../../src/domain/mount.ts";
import type { FilePath } from "../../../src/domain/names.ts";

const mount = (id: number, parent: number, point: string, kind = "ext4"): Mount => ({
  id,
  parent,
  point: point as FilePath,
  device: `0:${id}`,
  kind,
  source: "none",
  root: "/",
});
const idOf = (path: string, ...mounts: readonly Mount[]) => mountOf(path, mounts)?.id;

test("a path is on the longest mount point above it, and never on one that only begins alike", () => {
  const mounts = [mount(1, 0, "/"), mount(2, 1, "/u02"), mount(3, 2, "/u02/data")];
  expect(idOf("/u02/data/x.dbf", ...mounts)).toBe(3);
  expect(idOf("/u02/database/x.dbf", ...mounts)).toBe(2);
  expect(idOf("/u02", ...mounts)).toBe(2);
  expect(idOf("/u020/x", ...mounts)).toBe(1);
  expect(idOf("/", ...mounts)).toBe(1);
  expect(idOf("//u02//data/", ...mounts)).toBe(3);
});

test("of mounts on each other the top one counts, in whatever order they are listed", () => {
  expect(idOf("/a/x", mount(1, 0, "/"), mount(2, 1, "/a"), mount(3, 2, "/a"))).toBe(3);
  expect(idOf("/a/x", mount(3, 2, "/a"), mount(2, 1, "/a"), mount(1, 0, "/"))).toBe(3);
});

test("a mount that a later one above it hides is not found", () => {
  const mounts = [mount(1, 0, "/"), mount(2, 1, "/a"), mount(3, 2, "/a/b"), mount(4, 2, "/a")];
  expect(idOf("/a/b/x", ...mounts)).toBe(4);
});

test("in a container, where the mounts above are not listed, its own root is the beginning", () => {
  expect(idOf("/data/x", mount(901, 870, "/"), mount(902, 901, "/data"))).toBe(902);
  expect(idOf("/x", mount(5, 5, "/"))).toBe(5);
  expect(mountOf("/x", [])).toBeUndefined();
});

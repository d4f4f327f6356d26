import { expect, test } from "vitest";

import { networkMountOn } from "../../../../src/adapters/host/network-path.ts";
import type { Mount } from "../../../../src/domain/mount.ts";
import type { FilePath } from "../../../../src/domain/names.ts";

const mount = (id: number, point: string, kind: string): Mount => ({
  id,
  parent: id === 1 ? 0 : 1,
  point: point as FilePath,
  device: `0:${id}`,
  kind,
  source: "none",
  root: "/",
});
const MOUNTS = [
  mount(1, "/", "xfs"),
  mount(2, "/nas", "nfs4"),
  mount(3, "/sim", "fuse.sshfs"),
  mount(4, "/auto", "autofs"),
];

async function way(path: string, links: Readonly<Record<string, string>> = {}) {
  const touched: string[] = [];
  const found = await networkMountOn(path, MOUNTS, async (name) => {
    touched.push(name);
    return links[name];
  });
  return { on: found?.point, touched };
}

test.each([
  ["/u01/data/x.dbf", undefined],
  ["/nas", "/nas"],
  ["/nas/x/../../u01", "/nas"],
  ["/nasty/x", undefined],
  ["/sim/x", "/sim"],
  ["/auto/home", "/auto"],
  ["//u01/./../nas/x", "/nas"],
])("the way to %s leads over %s", async (path, expected) => {
  expect((await way(path)).on).toBe(expected);
});

test("symbolic links are followed, absolute and relative ones, and links to links", async () => {
  expect((await way("/u02/x", { "/u02": "/nas/u02" })).on).toBe("/nas");
  expect((await way("/a/b/x", { "/a/b": "../c", "/c": "sim" })).on).toBe("/sim");
  expect((await way("/a/b/x", { "/a/b": "../c" })).on).toBeUndefined();
});

test("links in a circle end", async () => {
  expect((await way("/a/x", { "/a": "/b", "/b": "/a" })).on).toBeUndefined();
});

test("nothing on a network file system is touched", async () => {
  const { touched } = await way("/u02/x/y", { "/u02": "/nas/u02" });
  expect(touched).toEqual(["/u02"]);
});

test("where there is no network file system, nothing is looked at", async () => {
  const touched: string[] = [];
  const local = [mount(1, "/", "xfs")];
  const found = await networkMountOn("/a/b", local, async (name) => void touched.push(name));
  expect([found, touched]).toEqual([undefined, []]);
});

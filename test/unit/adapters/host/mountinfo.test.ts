import { expect, test } from "vitest";

import { parseMountinfo } from "../../../../src/adapters/host/mountinfo.ts";

test("a line is read with and without optional fields, and names with spaces are what they were", () => {
  const text = [
    "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 propagate_from:2 - ext3 /dev/root rw,errors=continue",
    String.raw`41 35 0:52 / /u02/my\040data\134x rw - nfs4 nas:/vol/a\011b rw`,
    "42 35 0:53 / /run/x rw shared:7 -  rw",
    "",
  ].join("\n");
  expect(parseMountinfo(text)).toEqual([
    { id: 36, parent: 35, device: "98:0", root: "/mnt1", point: "/mnt2", kind: "ext3", source: "/dev/root" },
    {
      id: 41,
      parent: 35,
      device: "0:52",
      root: "/",
      point: String.raw`/u02/my data\x`,
      kind: "nfs4",
      source: "nas:/vol/a\tb",
    },
    { id: 42, parent: 35, device: "0:53", root: "/", point: "/run/x", kind: "", source: "rw" },
  ]);
});

test("a line that is no mount says nothing", () => {
  expect(parseMountinfo("nonsense\n1 2 3:4 / /a rw no-dash\n")).toEqual([]);
});

import { expect, test } from "vitest";

import { readSendDump } from "../../../../storage-adapters/openzfs/send-dump.ts";

const MIB = 2 ** 20;

/** As zstreamdump of zfs-fuse 0.7 and ZFS on Linux 0.7 prints it. */
const OLD = `BEGIN record
\thdrtype = 1
\tfeatures = 0
\ttoname = tank/d@two

FREEOBJECTS firstobj = 0 numobjs = 1
OBJECT object = 3 type = 20 bonustype = 17 blksz = 512 bonuslen = 264
FREE object = 3 offset = 512 length = -1
WRITE object = 3 type = 20 checksum type = 7
offset = 0 length = 512 props = 200000000
WRITE object = 5 type = 19 checksum type = 7
offset = 40960 length = 8192 props = 2000f000f
FREE object = 5 offset = 507904 length = 540672
END checksum = 1c6b/4233/767f/54da
SUMMARY:
\tTotal DRR_BEGIN records = 1
`;

/** As zstream of OpenZFS 2.x prints it. */
const NEW = `BEGIN record
\thdrtype = 1
\tfeatures = 4
\ttoname = tank/d@two
\tpayloadlen = 0

OBJECT object = 5 type = 19 bonustype = 44 blksz = 8192 bonuslen = 168 dn_slots = 1 raw_bonuslen = 0 flags = 0 maxblkid = 0 indblkshift = 0 nlevels = 0 nblkptr = 0
WRITE object = 5 type = 19 checksum type = 7 compression type = 0 flags = 0 offset = 40960 logical_size = 8192 compressed_size = 0 payload_size = 8192 props = 200000000 salt = 0000000000000000 iv = 000000000000000000000000 mac = 00000000000000000000000000000000
WRITE_EMBEDDED object = 5 offset = 0 length = 512 toguid = 1 comp = 15 etype = 0 lsize = 512 psize = 90
FREE object = 5 offset = 65536 length = -1
SPILL block for object = 5 length = 512 flags = 0 compression type = 0 compressed_size = 0 payload_size = 512
END checksum = 1c6b/4233/767f/54da
SUMMARY:
\tTotal DRR_BEGIN records = 1 (0 bytes)
`;

const of = (dump: string, ...objects: readonly string[]) =>
  Object.fromEntries(readSendDump("tank", dump, new Set(objects)));

test("what is written and what is freed changed, in both forms that are printed", () => {
  expect(of(OLD, "5")).toEqual({
    5: [
      { offset: 40_960, length: 8192 },
      { offset: 507_904, length: 540_672 },
    ],
  });
  expect(of(NEW, "5")).toEqual({
    5: [
      { offset: 40_960, length: 8192 },
      { offset: 0, length: 512 },
      { offset: 65_536, length: Infinity },
    ],
  });
});

test("objects that nobody asked for are left out, and one that did not change has no extents", () => {
  expect(of(OLD, "3", "8")).toEqual({
    3: [
      { offset: 512, length: Infinity },
      { offset: 0, length: 512 },
    ],
  });
});

const doubtful: readonly (readonly [what: string, dump: string])[] = [
  ["a stream without its end", OLD.slice(0, OLD.indexOf("END"))],
  ["nothing at all", ""],
  ["a record that is not known", OLD.replace("FREEOBJECTS", "REDACT object = 5 offset = 0")],
  ["a record that does not say where", OLD.replace("offset = 40960 length = 8192", "payload")],
  ["a place that is no number", NEW.replace("offset = 40960", "offset = x")],
];

test.for(doubtful)("%s says nothing: all is read", ([, dump]) => {
  expect(() => of(dump, "5")).toThrow(expect.objectContaining({ code: "UMB-6308" }));
});

test("a hundred thousand records are read in their order", () => {
  const lines = Array.from(
    { length: 100_000 },
    (_, at) => `WRITE object = 5 type = 19 checksum type = 7\noffset = ${at * MIB} length = 8192 props = 0\n`,
  );
  const extents = of(`BEGIN record\n${lines.join("")}END checksum = 0\n`, "5")[5] ?? [];
  expect(extents).toHaveLength(100_000);
  expect(extents.at(-1)).toEqual({ offset: 99_999 * MIB, length: 8192 });
});

import { array, assert, integer, nat, property } from "fast-check";
import { expect, test } from "vitest";

import type { ArchivedLogFacts } from "../../../src/domain/facts.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import { scn } from "../../../src/domain/scn.ts";
import { chooseLogs } from "../../../src/plan/log-set.ts";

/** Logs of one thread whose SCNs follow each other: `lengths` are the SCNs in each. */
function chain(thread: number, lengths: readonly number[], destination = 1): ArchivedLogFacts[] {
  let first = 100n;
  return lengths.map((length, index) => {
    const log = {
      destination,
      thread,
      sequence: index + 1,
      resetlogsId: "1",
      resetlogsScn: scn(1),
      firstScn: scn(first),
      nextScn: scn(first + BigInt(length)),
      blocks: 1,
      blockSize: 512,
      archived: true,
      deleted: false,
      status: "A",
      path: `/arch/${destination}/${thread}_${index + 1}` as FilePath,
    };
    first += BigInt(length);
    return log;
  });
}

const lengths = array(integer({ min: 1, max: 50 }), { minLength: 3, maxLength: 12 });

test("a whole chain covers the range, in whatever order and from however many destinations it comes", () => {
  assert(
    property(lengths, nat(), (list, seed) => {
      const logs = [...chain(1, list), ...chain(1, list, 2)];
      const turned = [...logs.slice(seed % logs.length), ...logs.slice(0, seed % logs.length)];
      const end = logs[list.length - 1]?.nextScn ?? scn(0);
      const set = chooseLogs(turned, { threads: [1], resetlogsId: "1", fromScn: scn(100), toScn: end });
      expect(set.missing).toEqual([]);
      expect(set.logs.map((log) => log.sequence)).toEqual(list.map((_, index) => index + 1));
    }),
  );
});

test("without any one log of any thread the chain is not whole", () => {
  assert(
    property(lengths, lengths, nat(), (one, two, drop) => {
      const logs = [...chain(1, one), ...chain(2, two)];
      const sum = (list: readonly number[]) => list.reduce((total, length) => total + length, 0);
      const toScn = scn(100n + BigInt(Math.min(sum(one), sum(two))));
      const needed = logs.filter((log) => log.firstScn < toScn);
      const rest = logs.filter((log) => log !== needed[drop % needed.length]);
      const range = { threads: [1, 2], resetlogsId: "1", fromScn: scn(100), toScn };
      expect(chooseLogs(logs, range).missing).toEqual([]);
      const broken = chooseLogs(rest, range);
      expect(broken.missing.length).toBeGreaterThan(0);
    }),
  );
});

test.each([
  ["not archived", { archived: false }],
  ["deleted", { deleted: true }],
  ["expired", { status: "X" }],
  ["of another incarnation", { resetlogsId: "2" }],
  ["in ASM", { path: "+FRA/log" as FilePath }],
])("a log that is %s does not count", (_why, flaw) => {
  const logs = chain(1, [10, 10]).map((log, index) => (index === 1 ? { ...log, ...flaw } : log));
  const set = chooseLogs(logs, { threads: [1], resetlogsId: "1", fromScn: scn(100), toScn: scn(120) });
  expect(set.missing).toEqual(["thread 1 sequence 2 from SCN 110"]);
});

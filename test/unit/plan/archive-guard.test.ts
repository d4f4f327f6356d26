import * as fc from "fast-check";
import { expect, test } from "vitest";

import type { ArchiveDestinationState, ArchiveLook } from "../../../src/domain/archive.ts";
import { instant } from "../../../src/domain/instant.ts";
import type { FilePath, RunId } from "../../../src/domain/names.ts";
import { scn } from "../../../src/domain/scn.ts";
import { type GuardInput, planGuard } from "../../../src/plan/archive-guard.ts";

const DIRECTORY = "/backup/PROD1/live/logs" as FilePath;

const destination = (id: number): fc.Arbitrary<ArchiveDestinationState> =>
  fc.record({
    id: fc.constant(id),
    status: fc.constantFrom("VALID", "ERROR", "DEFERRED", "DISABLED"),
    target: fc.constantFrom("PRIMARY", "STANDBY"),
    destination: fc.constant(id === 10 ? String(DIRECTORY) : `/arch${id}`),
    binding: fc.constantFrom("OPTIONAL", "OPTIONAL", "MANDATORY"),
    reopenSeconds: fc.constant(60),
    failureCount: fc.nat({ max: 3 }),
    failSequence: fc.nat({ max: 3 }),
  });

const input: fc.Arbitrary<GuardInput> = fc
  .record({
    destinations: fc.tuple(destination(1), destination(2), destination(10)),
    wanted: fc.integer({ min: 1, max: 3 }),
    duplex: fc.boolean(),
    owed: fc.boolean(),
    policy: fc.constantFrom("warn" as const, "defer" as const),
    answer: fc.constantFrom(
      { kind: "ok" as const, freeBytes: 100, names: [] },
      { kind: "ok" as const, freeBytes: 1, names: [] },
      { kind: "hangs" as const, seen: "it hangs" },
    ),
    archived: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  })
  .map(({ destinations, wanted, duplex, owed, policy, answer, archived }): GuardInput => {
    const parameter = { instance: "1", stored: false };
    const look: ArchiveLook = {
      dbid: "1",
      role: "PRIMARY",
      openMode: "READ WRITE",
      logMode: "ARCHIVELOG",
      currentScn: scn(100),
      resetlogsId: "7",
      destinations,
      parameters: [{ ...parameter, name: "log_archive_min_succeed_dest", value: String(wanted) }],
      ledger: [],
      online: archived.map((isArchived, index) => ({
        thread: 1,
        sequence: index + 1,
        firstScn: scn(index),
        current: index === 2,
        archived: isArchived,
      })),
    };
    const slot = duplex ? ({ form: "duplex" } as const) : ({ form: "numbered", number: 10 } as const);
    const deferred = { at: instant(0), run: "run" as RunId, why: "it failed" };
    const noted = {
      directory: DIRECTORY,
      slot,
      changes: [],
      setAt: instant(0),
      sinceScn: scn(1),
      incarnation: "7",
      ...(owed ? { deferred } : {}),
    };
    const config = { guard: policy, freeBytes: 50, reopenMs: 1, lagMs: 1 };
    return { look, slot, noted, directory: DIRECTORY, answer, config };
  });

const own = ({ look, slot }: GuardInput) =>
  look.destinations.find((one) => one.id === (slot?.form === "numbered" ? slot.number : 2));

test("only by policy, only umbra's own, never MANDATORY, never below what must succeed", () => {
  fc.assert(
    fc.property(input, (one) => {
      const { action } = planGuard(one);
      const others = one.look.destinations.filter(
        ({ id, status, target }) => id !== own(one)?.id && status === "VALID" && target === "PRIMARY",
      );
      const wanted = Number(one.look.parameters[0]?.value);
      const may =
        one.config.guard === "defer" &&
        one.slot?.form === "numbered" &&
        own(one)?.binding !== "MANDATORY" &&
        own(one)?.status !== "DEFERRED" &&
        others.length >= wanted;
      expect(action.kind !== "defer" || may).toBe(true);
      expect(action.kind === "defer" ? action.number : 10).toBe(10);
    }),
    { numRuns: 1_000 },
  );
});

test("enabled again is only what umbra deferred, where the directory answers and has room", () => {
  fc.assert(
    fc.property(input, (one) => {
      const { action } = planGuard(one);
      const may = one.noted?.deferred !== undefined && one.answer.kind === "ok" && one.answer.freeBytes >= 50;
      expect(action.kind !== "restore" || may).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("whatever is not as it should be is said", () => {
  fc.assert(
    fc.property(input, (one) => {
      const { findings, action } = planGuard(one);
      const isWell = own(one)?.status === "VALID" && one.answer.kind === "ok" && one.answer.freeBytes >= 50;
      expect(isWell || findings.length > 0 || action.kind === "restore").toBe(true);
      for (const { seen, todo } of findings) expect(seen.length * todo.length).toBeGreaterThan(0);
    }),
    { numRuns: 1_000 },
  );
});

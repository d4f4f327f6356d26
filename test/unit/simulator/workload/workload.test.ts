import { describe, expect, test } from "vitest";

import { OraError } from "../../../../simulator/engine/ora-error.ts";
import { compareWithDatabase } from "../../../../simulator/workload/compare.ts";
import { instanceReader, queryReader, selectAll } from "../../../../simulator/workload/readers.ts";
import { createWorkload } from "../../../../simulator/workload/workload.ts";
import { lostConnection, MemoryInstance } from "./memory-instance.ts";

async function steps(workload: { step(): Promise<void> }, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await workload.step();
}

describe("workload", () => {
  test("what it remembers is what is committed, with transactions left open", async () => {
    for (const seed of [1, 2, 3]) {
      const instance = new MemoryInstance();
      const workload = await createWorkload({ instance, seed });
      await steps(workload, 500);
      const compared = await compareWithDatabase(
        workload.history.stateAt(instance.currentScn()),
        instanceReader(instance),
      );
      expect(compared).toMatchObject({ rowsDifferent: 0, differences: [] });
      expect(compared.rowsCompared).toBeGreaterThan(60);
    }
  });

  test("the same seed does the same, another seed does not", async () => {
    const statesOf = async (seed: number) => {
      const instance = new MemoryInstance();
      const workload = await createWorkload({ instance, seed });
      await steps(workload, 200);
      return workload.history.stateAt(instance.currentScn());
    };
    expect(await statesOf(11)).toEqual(await statesOf(11));
    expect(await statesOf(11)).not.toEqual(await statesOf(12));
  });

  test("every SCN of the past keeps its own state", async () => {
    const instance = new MemoryInstance();
    const workload = await createWorkload({ instance, seed: 5 });
    const copies: { scn: bigint; rows: string }[] = [];
    const rowsAt = (scn: bigint) =>
      JSON.stringify(
        workload.history
          .stateAt(scn)
          .tables.map((table) => [...table.rows].toSorted(([a], [b]) => Number(a) - Number(b))),
      );
    for (let i = 0; i < 30; i += 1) {
      await steps(workload, 5);
      copies.push({ scn: instance.currentScn(), rows: rowsAt(instance.currentScn()) });
    }
    expect(copies.map(({ scn }) => rowsAt(scn))).toEqual(copies.map(({ rows }) => rows));
    expect(rowsAt(1n)).toBe("[[],[],[]]");
  });

  test("two sessions never change one row at a time", async () => {
    const instance = new MemoryInstance();
    const open = new Map<string, object>();
    const begin = instance.begin.bind(instance);
    let clashes = 0;
    instance.begin = (conId) => {
      const inner = begin(conId);
      const mine = {};
      const take = (objectId: number, slot: number) => {
        const holder = open.get(`${objectId}.${slot}`);
        if (holder !== undefined && holder !== mine) clashes += 1;
        open.set(`${objectId}.${slot}`, mine);
      };
      const release = () =>
        [...open].filter(([, holder]) => holder === mine).forEach(([key]) => open.delete(key));
      return {
        ...inner,
        update: async (objectId, row, values) => {
          take(objectId, row.slot);
          return inner.update(objectId, row, values);
        },
        delete: async (objectId, row) => {
          take(objectId, row.slot);
          return inner.delete(objectId, row);
        },
        commit: async () => {
          release();
          return inner.commit();
        },
        rollback: async () => {
          release();
          return inner.rollback();
        },
      };
    };
    await steps(await createWorkload({ instance, seed: 8, sessions: 6, initialRows: 4 }), 800);
    expect(clashes).toBe(0);
  });

  test("a refused change undoes its transaction and the work goes on", async () => {
    const instance = new MemoryInstance();
    const workload = await createWorkload({ instance, seed: 3 });
    let calls = 0;
    instance.beforeCall = (what) => {
      calls += 1;
      if (what === "change" && calls % 7 === 0) throw new OraError(1653, "unable to extend table");
    };
    await steps(workload, 400);
    expect(workload.errors.get(1653)).toBeGreaterThan(10);
    const compared = await compareWithDatabase(
      workload.history.stateAt(instance.currentScn()),
      instanceReader(instance),
    );
    expect(compared.rowsDifferent).toBe(0);
  });

  test("a COMMIT without an answer may have happened or not: both are right", async () => {
    for (const lost of ["beforeCall", "beforeAnswer"] as const) {
      const instance = new MemoryInstance();
      const workload = await createWorkload({ instance, seed: 3 });
      await steps(workload, 60);
      instance[lost] = (what?: string) => {
        if (what !== "change") throw lostConnection();
      };
      await workload.settle();
      instance[lost] = () => undefined;
      await steps(workload, 200);
      await workload.settle();
      const compared = await compareWithDatabase(
        workload.history.stateAt(instance.currentScn()),
        instanceReader(instance),
      );
      expect(workload.errors.get(3113)).toBeGreaterThan(0);
      expect(compared.differences).toEqual([]);
    }
  });

  test("a second workload takes over the tables of the first with their rows", async () => {
    const instance = new MemoryInstance();
    await steps(await createWorkload({ instance, seed: 1 }), 100);
    const second = await createWorkload({ instance, seed: 2 });
    await steps(second, 100);
    await second.settle();
    expect(instance.definitions).toHaveLength(3);
    expect(
      (await compareWithDatabase(second.history.stateAt(instance.currentScn()), instanceReader(instance)))
        .rowsDifferent,
    ).toBe(0);
  });

  test("a run ends at its signal even where a step hangs", async () => {
    const instance = new MemoryInstance();
    const workload = await createWorkload({ instance, seed: 1 });
    const stop = new AbortController();
    const begin = instance.begin.bind(instance);
    instance.begin = (conId) => {
      stop.abort();
      return {
        ...begin(conId),
        insert: () => new Promise(() => undefined),
        update: () => new Promise(() => undefined),
        delete: () => new Promise(() => undefined),
      };
    };
    await expect(workload.run({ signal: stop.signal, opsPerSecond: 5000 })).resolves.toBeUndefined();
  });
});

describe("comparison", () => {
  test("a lost, a foreign and a changed row are each a difference", async () => {
    const instance = new MemoryInstance();
    const workload = await createWorkload({ instance, seed: 1 });
    const rows = instance.committed.get(1) ?? new Map();
    const [first, second] = [...rows.keys()];
    rows.delete(first);
    rows.set(second, [...(rows.get(second) ?? []).slice(0, 1), "someone else", 1, null]);
    rows.set("9999", [4711, "nobody", 1, null]);
    const compared = await compareWithDatabase(
      workload.history.stateAt(instance.currentScn()),
      instanceReader(instance),
    );
    expect(compared.rowsCompared).toBe(61);
    expect(compared.rowsDifferent).toBe(3);
    expect(compared.differences.map(({ what }) => what).toSorted()).toEqual([
      "missing",
      "other values",
      "unexpected",
    ]);
  });

  test("a table that is gone or cannot be read counts with all its rows", async () => {
    const instance = new MemoryInstance();
    const workload = await createWorkload({ instance, seed: 1 });
    const state = workload.history.stateAt(instance.currentScn());
    const gone = await compareWithDatabase(state, async () => undefined);
    expect(gone).toMatchObject({
      rowsCompared: 60,
      rowsDifferent: 60,
      differences: [{ what: "no table" }, {}, {}],
    });
    const damaged = await compareWithDatabase(state, async () => {
      throw new OraError(1578, "ORACLE data block corrupted (file # 7, block # 9)");
    });
    expect(damaged.rowsDifferent).toBe(60);
    expect(damaged.differences[0]?.found).toContain("ORA-01578");
  });

  test("values are equal whether they come from blocks or through SQL", async () => {
    const instance = new MemoryInstance();
    const workload = await createWorkload({ instance, seed: 1 });
    await steps(workload, 100);
    const asked: string[] = [];
    const reader = queryReader(async (container, sql) => {
      asked.push(`${container}: ${sql}`);
      const table = instance.definitions.find(({ name }) => sql.includes(`"${name}"`));
      return [...(instance.committed.get(table?.objectId ?? 0) ?? new Map()).values()].map((values) =>
        Object.fromEntries(
          (table?.columns ?? []).map(({ name }, index) => [name.toLowerCase(), asDriverGives(values[index])]),
        ),
      );
    }, 77n);
    const compared = await compareWithDatabase(workload.history.stateAt(instance.currentScn()), reader);
    expect(compared.rowsDifferent).toBe(0);
    expect(asked[0]).toBe('PDB1: select ID, OWNER_NAME, BALANCE, MEMO from "APP"."ACCOUNTS" as of scn 77');
    const orders = workload.history.stateAt(0n).tables[1]?.shape;
    expect(orders && selectAll(orders)).toContain("to_char(PLACED_AT, 'YYYY-MM-DD HH24:MI:SS') as PLACED_AT");
  });
});

function asDriverGives(value: unknown): string | number | null {
  if (typeof value === "number" || typeof value === "string") return value;
  if (typeof value !== "object" || value === null || !("year" in value)) return null;
  const date = value as {
    year: number;
    month: number;
    day: number;
    hour: number;
    minute: number;
    second: number;
  };
  return new Date(Date.UTC(date.year, date.month - 1, date.day, date.hour, date.minute, date.second))
    .toISOString()
    .slice(0, 19)
    .replace("T", " ");
}

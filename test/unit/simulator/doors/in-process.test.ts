import { describe, expect, test } from "vitest";

import { bindNames } from "../../../../simulator/doors/bind-names.ts";
import { inProcessConnector, type InProcessOptions } from "../../../../simulator/doors/in-process.ts";
import { plainValue } from "../../../../simulator/doors/plain-value.ts";
import { OraError } from "../../../../simulator/engine/ora-error.ts";
import type { ContainerName } from "../../../../src/domain/names.ts";
import { FakeEngine, oneRow, untilCancelled } from "./fake-engine.ts";

const options = { deadlineMs: 5_000 };
const pdb = "PDB1" as ContainerName;

function rig(changes: Partial<InProcessOptions> = {}) {
  const engine = new FakeEngine();
  const connector = inProcessConnector({
    engine,
    user: "umbra",
    password: "secret",
    privilege: "SYSBACKUP",
    ...changes,
  });
  return { engine, connector };
}

describe("in-process door", () => {
  test("named binds arrive in order of first appearance, rows leave with lower-case keys", async () => {
    const { engine, connector } = rig();
    engine.answer = () => oneRow({ FILE_NO: 7, NAME: "a", NOTHING: null });
    await using database = await connector.connect(options);
    const rows = await database.query(
      "select ':no' from x where a = :B and c = :a or d = :b",
      { a: "first", b: 2 },
      options,
    );
    expect(rows).toEqual([{ file_no: 7, name: "a", nothing: null }]);
    expect(engine.executed[0]?.binds).toEqual([
      { name: "B", value: 2 },
      { name: "A", value: "first" },
    ]);
    await expect(database.query("select :a from x", {}, options)).rejects.toMatchObject({
      code: "UMB-5201",
      context: { ora: 1008 },
    });
    await expect(database.query("select 1 from x", { a: 1 }, options)).rejects.toMatchObject({
      context: { ora: 1036 },
    });
  });

  test("a session is opened in the container that was asked for, with the service of the database", async () => {
    const { engine, connector } = rig();
    const database = await connector.connect({ ...options, container: pdb });
    expect(database.container).toBe("PDB1");
    expect(engine.executed.map(({ sql }) => sql)).toEqual(['ALTER SESSION SET CONTAINER = "PDB1"']);
    expect(engine.logins[0]).toMatchObject({ user: "UMBRA", privilege: "SYSBACKUP", service: "ORCL" });
    await database.close();
    await database.close();
    expect(engine.openSessions).toBe(0);
  });

  test("a container that cannot be entered leaves no session behind", async () => {
    const { engine, connector } = rig();
    engine.answer = () => {
      throw new OraError(65_011, "Pluggable database PDB1 does not exist.");
    };
    await expect(connector.connect({ ...options, container: pdb })).rejects.toMatchObject({
      code: "UMB-5201",
      context: { ora: 65_011 },
    });
    expect(engine.openSessions).toBe(0);
  });

  test("listener and login refuse as the real ones do", async () => {
    const { engine, connector } = rig();
    for (const [state, code] of [
      ["unknown", "UMB-5102"],
      ["blocked", "UMB-5107"],
      ["restricted", "UMB-5103"],
    ] as const) {
      engine.serviceState = state;
      await expect(connector.connect(options)).rejects.toMatchObject({ code });
    }
    await expect(rig({ password: "wrong" }).connector.connect(options)).rejects.toMatchObject({
      code: "UMB-5104",
    });
  });

  test("a missed deadline ends the session for good, and its statement", async () => {
    const { engine, connector } = rig();
    const database = await connector.connect(options);
    let cancelled = false;
    engine.answer = (_sql, signal) => untilCancelled(signal).finally(() => (cancelled = true));
    await expect(database.query("select 1", {}, { deadlineMs: 5 })).rejects.toMatchObject({
      code: "UMB-5203",
      context: { lost: true },
    });
    await expect(database.execute("ALTER SYSTEM CHECKPOINT", options)).rejects.toMatchObject({
      code: "UMB-5202",
    });
    expect(cancelled).toBe(true);
  });

  test("a cancelled call leaves a session that works, and calls never overlap", async () => {
    const { engine, connector } = rig();
    await using database = await connector.connect(options);
    engine.answer = (sql, signal) => (sql === "slow" ? untilCancelled(signal) : oneRow({ A: 1 }));
    const stop = new AbortController();
    const slow = database.query("slow", {}, { ...options, signal: stop.signal });
    const next = database.query("fast", {}, options);
    stop.abort();
    await expect(slow).rejects.toMatchObject({ code: "UMB-5204" });
    await expect(next).resolves.toEqual([{ a: 1 }]);
    expect(engine.mostRunning).toBe(1);
  });

  test("a killed session is lost in the middle of a call and after it", async () => {
    const { engine, connector } = rig();
    const database = await connector.connect(options);
    engine.answer = async () => {
      engine.logins[0]?.onKilled?.("drop");
      return new Promise(() => undefined);
    };
    await expect(database.query("select 1", {}, options)).rejects.toMatchObject({
      code: "UMB-5202",
      context: { lost: true },
    });
    await expect(database.query("select 1", {}, options)).rejects.toMatchObject({ code: "UMB-5202" });
  });

  test("a lost answer was done, a lost request was not", async () => {
    const drop = () => {
      throw new OraError(3113, "end-of-file on communication channel");
    };
    for (const [faults, done] of [
      [{ sending: drop }, 0],
      [{ answering: drop }, 1],
    ] as const) {
      const { engine, connector } = rig({ faults });
      const database = await connector.connect(options);
      await expect(database.execute("ALTER DATABASE BEGIN BACKUP", options)).rejects.toMatchObject({
        code: "UMB-5202",
        context: { lost: true },
      });
      expect(engine.executed).toHaveLength(done);
    }
  });

  test("a connection nobody waits for any more is closed when it comes", async () => {
    const opened = Promise.withResolvers<void>();
    const { engine, connector } = rig({ faults: { connecting: () => opened.promise } });
    await expect(connector.connect({ deadlineMs: 5 })).rejects.toMatchObject({ code: "UMB-5203" });
    opened.resolve();
    await expect.poll(() => [engine.logins.length, engine.openSessions]).toEqual([1, 0]);
  });
});

describe("values and binds of the door", () => {
  test("numbers that JavaScript holds exactly are numbers, others stay text", () => {
    const column = { name: "N", type: "NUMBER", size: 22, nullable: true } as const;
    const texts = ["0", "-17", "9007199254740991", "9007199254740993", "0.25", "1234567890.5"];
    expect(texts.map((text) => plainValue(column, text))).toEqual([
      0,
      -17,
      9_007_199_254_740_991,
      "9007199254740993",
      0.25,
      1_234_567_890.5,
    ]);
    expect(plainValue(column, 2n ** 60n)).toBe("1152921504606846976");
  });

  test("dates, binary and long values are text, empty is null", () => {
    const column = { name: "V", type: "VARCHAR2", size: 22, nullable: true } as const;
    const date = {
      kind: "date",
      year: 2026,
      month: 2,
      day: 3,
      hour: 4,
      minute: 5,
      second: 6,
      nanos: 120_000_000,
    } as const;
    expect(plainValue(column, date)).toBe("2026-02-03T04:05:06.12");
    expect(plainValue(column, Buffer.from([0xab, 1]))).toBe("AB01");
    expect(plainValue(column, { kind: "clob", data: Buffer.from("Łódź") })).toBe("Łódź");
    expect([plainValue(column, ""), plainValue(column, null), plainValue(column, true)]).toEqual([
      null,
      null,
      "true",
    ]);
  });

  test("a colon in a literal, a quoted name or a comment is no bind", () => {
    expect(
      bindNames(`select ':a', ":b" -- :c\n/* :d */ from t where x = :one and y=:TWO_2 or z = :one`),
    ).toEqual(["ONE", "TWO_2"]);
  });
});

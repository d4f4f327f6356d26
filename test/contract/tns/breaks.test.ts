import { setImmediate as soon, setTimeout as after } from "node:timers/promises";

import type { Connection } from "oracledb";
import { describe, expect, test } from "vitest";

import { drivers, makeRig, profileNames, rowsOf } from "./rig.ts";

const BREAKS = 100;
/** Breaks come at once, in the next turn or a millisecond later: calls take about as long. */
const LONGEST_PAUSE_MS = 3;

/** A small generator of pseudo random numbers below 1: the same seed gives the same breaks. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const calls: readonly ((connection: Connection) => Promise<unknown>)[] = [
  (connection) => connection.execute("begin sleep(2); end;"),
  (connection) => connection.execute("select levels 400", [], { fetchArraySize: 40 }),
  (connection) => connection.execute("select * from nowhere"),
  (connection) => connection.execute("alter tablespace users begin backup"),
];

async function breakOnce(connection: Connection, random: () => number): Promise<string> {
  const call = calls[Math.floor(random() * calls.length)] ?? calls[0];
  const ended = call?.(connection).then(
    () => "done",
    (error: Error & { errorNum?: number }) => `ORA-${error.errorNum}`,
  );
  const pause = random() * LONGEST_PAUSE_MS;
  if (pause > 2) await after(1);
  else if (pause > 1) await soon();
  await connection.break();
  return (await ended) ?? "";
}

/** A break that came too late cancels the next call: at most one, afterwards both sides are in step. */
async function inStep(connection: Connection): Promise<boolean> {
  const marker = "select echo :v from dual";
  const first = await connection.execute<unknown[]>(marker, ["a"]).catch((error: unknown) => String(error));
  if (typeof first === "string" && !first.includes("ORA-01013")) return false;
  const { rows } = await connection.execute<unknown[]>(marker, ["b"]);
  return rows?.[0]?.[0] === "b";
}

describe.each(drivers)("%s breaks at any moment", (_, driver) => {
  test.each(profileNames)("and neither hangs nor loses its step on %s", async (profile) => {
    await using rig = await makeRig(driver, profile);
    const connection = await rig.connect();
    const random = chance(20_261_121);
    const outcomes: string[] = [];
    for (let i = 0; i < BREAKS; i += 1) {
      outcomes.push(await breakOnce(connection, random));
      expect(await inStep(connection)).toBe(true);
    }
    expect(outcomes.filter((each) => !["done", "ORA-1013", "ORA-942"].includes(each))).toEqual([]);
    expect(outcomes.filter((each) => each === "ORA-1013").length).toBeGreaterThan(BREAKS / 5);
    expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
    await connection.close();
  });
});

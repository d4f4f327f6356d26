import type { DatabaseSync, SQLInputValue, SQLOutputValue } from "node:sqlite";

import type { ScnInterval } from "../domain/coverage.ts";
import type { Heartbeat } from "../domain/heartbeat.ts";
import { type Instant, instant } from "../domain/instant.ts";
import type { DatabaseName } from "../domain/names.ts";
import { formatScn, type Scn, scn } from "../domain/scn.ts";
import { onState } from "./state-error.ts";
import { together } from "./together.ts";

/** When a database was at which SCN. There is one for each minute, so nobody reads them all. */
export interface Heartbeats {
  /** The same SCN of the same incarnation again is not noted twice. */
  add(database: DatabaseName, heartbeat: Heartbeat): void;
  /** The nearest up to and the nearest from each of these SCNs on: what tells their moments. */
  around(database: DatabaseName, scns: readonly ScnOfIncarnation[]): readonly Heartbeat[];
  /**
   * Of each incarnation those that tell which SCNs are younger than a moment: the first by SCN that is younger and the one
   * before it, the last by SCN where none is; the last by time, of all and of those that are not younger.
   */
  about(database: DatabaseName, at: Instant): readonly Heartbeat[];
  /** By SCN, `most` of them. */
  within(
    database: DatabaseName,
    stretch: ScnInterval & { readonly incarnation: string },
    most: number,
  ): readonly Heartbeat[];
  /** In one transaction. Gone already: success. */
  drop(database: DatabaseName, heartbeats: readonly Heartbeat[]): void;
}

export interface ScnOfIncarnation {
  readonly incarnation: string;
  readonly scn: Scn;
}

/** Of one incarnation; `in_order` is the SCN with leading zeros. */
const OWN = "select incarnation, scn, at, sequences from heartbeat where database = ? and incarnation = ?";
const UP_TO = `${OWN} and in_order <= ? order by in_order desc limit 1`;
const FROM_ON = `${OWN} and in_order >= ? order by in_order limit 1`;
const LAST = `${OWN} order by in_order desc limit 1`;
/** Along the index by time: what is old is not touched. */
const FIRST_YOUNGER = `${OWN} and in_order = (select min(in_order) from heartbeat
  where database = ?1 and incarnation = ?2 and at > ?)`;
const NEWEST = `${OWN} order by at desc limit 1`;
const NEWEST_UP_TO = `${OWN} and at <= ? order by at desc limit 1`;
const WITHIN = `${OWN} and in_order between ? and ? order by in_order limit ?`;
const INCARNATIONS = "select distinct incarnation from heartbeat where database = ?";
/** The SCNs in one value, as JSON: as many as are wanted. */
const DROP = `delete from heartbeat where database = ? and incarnation = ?
  and scn in (select value from json_each(?))`;

export function createHeartbeats(db: DatabaseSync, path: string): Heartbeats {
  const rows = (sql: string, ...values: SQLInputValue[]) =>
    db
      .prepare(sql)
      .all(...values)
      .map(heartbeatOf);
  const tellingAge = (database: DatabaseName, incarnation: string, at: Instant) => {
    const [young] = rows(FIRST_YOUNGER, database, incarnation, at);
    const before =
      young === undefined
        ? rows(LAST, database, incarnation)
        : rows(UP_TO, database, incarnation, inOrder(scn(young.scn - 1n)));
    const newest = [...rows(NEWEST, database, incarnation), ...rows(NEWEST_UP_TO, database, incarnation, at)];
    return [...(young === undefined ? [] : [young]), ...before, ...newest];
  };
  return {
    add: (database, { at, scn: value, incarnation, sequences }) =>
      onState(path, () => {
        const insert = `insert into heartbeat (database, incarnation, scn, at, sequences) values (?, ?, ?, ?, ?)
          on conflict do nothing`;
        db.prepare(insert).run(database, incarnation, formatScn(value), at, JSON.stringify(sequences));
      }),
    around: (database, scns) =>
      onState(path, () => {
        const [upTo, fromOn] = [db.prepare(UP_TO), db.prepare(FROM_ON)];
        const found = scns.flatMap(({ incarnation, scn: value }) =>
          [upTo, fromOn].flatMap((query) => query.all(database, incarnation, inOrder(value))),
        );
        return eachOnce(found.map(heartbeatOf));
      }),
    about: (database, at) =>
      onState(path, () => {
        const incarnations = db.prepare(INCARNATIONS).all(database);
        return eachOnce(
          incarnations.flatMap(({ incarnation }) => tellingAge(database, String(incarnation), at)),
        );
      }),
    within: (database, { incarnation, from, to }, most) =>
      onState(path, () => rows(WITHIN, database, incarnation, inOrder(from), inOrder(to), most)),
    drop: (database, heartbeats) => {
      if (heartbeats.length === 0) return;
      together(db, path, () => {
        for (const [incarnation, own] of Map.groupBy(heartbeats, (one) => one.incarnation)) {
          const scns = JSON.stringify(own.map((one) => formatScn(one.scn)));
          db.prepare(DROP).run(database, incarnation, scns);
        }
      });
    },
  };
}

/** As the table's column has it. */
function inOrder(value: Scn): string {
  return formatScn(value).padStart(20, "0");
}

function eachOnce(heartbeats: readonly Heartbeat[]): readonly Heartbeat[] {
  return [...new Map(heartbeats.map((one) => [`${one.incarnation}/${one.scn}`, one])).values()];
}

function heartbeatOf(row: Record<string, SQLOutputValue>): Heartbeat {
  return {
    at: instant(Number(row["at"])),
    scn: scn(BigInt(String(row["scn"]))),
    incarnation: String(row["incarnation"]),
    sequences: JSON.parse(String(row["sequences"])) as Heartbeat["sequences"],
  };
}

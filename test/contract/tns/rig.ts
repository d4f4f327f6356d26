import type { Connection, ConnectionAttributes } from "oracledb";

import { startListener } from "../../../simulator/tns/listener.ts";
import type { Listener, ListenerOptions } from "../../../simulator/tns/listener.ts";
import type { ProfileName } from "../../../simulator/tns/profiles.ts";
import { FakeEngine } from "../../unit/simulator/tns/fake-engine.ts";
import { oracledb, oracledb26 } from "../../rigs/drivers.ts";

export type Driver = typeof oracledb;

/** Both versions of the driver that the agent is to work with. */
export const drivers: readonly (readonly [name: string, driver: Driver])[] = [
  ["oracledb 7", oracledb],
  ["oracledb 26", oracledb26],
];

export const profileNames: readonly ProfileName[] = ["12.2", "19c", "23ai"];

const versions: Readonly<Record<ProfileName, FakeEngine["identity"]["version"]>> = {
  "12.2": [12, 2, 0, 1, 0],
  "19c": [19, 21, 0, 0, 0],
  "23ai": [23, 6, 0, 24, 10],
};

/** A listener with a small instance behind it and a driver in front of it. */
export interface Rig extends AsyncDisposable {
  readonly driver: Driver;
  readonly profile: ProfileName;
  readonly engine: FakeEngine;
  readonly listener: Listener;
  readonly connectString: string;
  /** As SCOTT unless told otherwise. */
  connect(attributes?: ConnectionAttributes): Promise<Connection>;
}

export async function makeRig(
  driver: Driver,
  profile: ProfileName,
  options: Partial<ListenerOptions> = {},
): Promise<Rig> {
  const engine = new FakeEngine(versions[profile]);
  const listener = await startListener({ engine, profile, ...options });
  const connectString = `127.0.0.1:${listener.port}/ORCL`;
  return {
    driver,
    profile,
    engine,
    listener,
    connectString,
    connect: (attributes = {}) =>
      driver.getConnection({ user: "scott", password: "tiger", connectString, ...attributes }),
    [Symbol.asyncDispose]: () => listener.close(),
  };
}

/** A promise of the network layer and how it is kept. */
export type Step = readonly [promise: string, keep: (rig: Rig) => Promise<void>];

/** A step that needs nothing but one connection of SCOTT. */
export function connected(promise: string, keep: (connection: Connection, rig: Rig) => Promise<void>): Step {
  return [
    promise,
    async (rig) => {
      const connection = await rig.connect();
      try {
        await keep(connection, rig);
      } finally {
        await connection.close().catch(() => {});
      }
    },
  ];
}

/** Every row of a statement's result as arrays. */
export async function rowsOf(
  connection: Connection,
  sql: string,
  options: object = {},
): Promise<readonly unknown[][]> {
  const result = await connection.execute<unknown[]>(sql, [], options);
  return result.rows ?? [];
}

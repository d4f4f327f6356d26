import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";

import type { Instance } from "../instance/api.ts";
import type { SimulatedEngine } from "../sql/engine.ts";
import { ClusterResource } from "./cluster-resource.ts";
import { type FromProgram, programSocket, type ToProgram } from "./door-protocol.ts";
import { type Hold, InstanceOperations } from "./instance-operations.ts";
import { InputLines } from "./input-lines.ts";
import type { ListenerOfHost, OsGroup, ProgramHost } from "./program.ts";
import { programs } from "./programs.ts";

export interface DoorOptions {
  readonly base: string;
  readonly oracleHome: string;
  readonly sid: string;
  readonly engine: SimulatedEngine;
  readonly instance: Instance;
  /** Groups of the operating system user that runs programs; all unless told. */
  readonly groups?: readonly OsGroup[];
  readonly sqlerrorCoversStartup?: boolean;
  readonly listener?: ListenerOfHost;
  readonly edition?: "EE" | "SE2";
  /** Clusterware starts the instance again that was down so long without `srvctl stop`. Never unless told. */
  readonly restartAfterMs?: number;
  /** Awaited before each step of STARTUP and SHUTDOWN. */
  readonly hold?: Hold;
}

/** Serves the programs of a simulated ORACLE_HOME. Closing ends their connections; the instance stays as it is. */
export interface ProgramDoor {
  readonly operations: InstanceOperations;
  readonly cluster: ClusterResource;
  /** Programs whose end was not seen yet. */
  readonly running: number;
  close(): Promise<void>;
}

/** Rejects where the socket cannot be made: the path of `base` is limited to some 90 bytes. */
export async function openProgramDoor(options: DoorOptions): Promise<ProgramDoor> {
  const { engine, instance, oracleHome, sid } = options;
  const operations = new InstanceOperations(engine, instance, options.hold ?? (() => Promise.resolve()));
  const { restartAfterMs } = options;
  const cluster = new ClusterResource({
    members: [{ name: sid, node: engine.identity.host, instance, engine, operations }],
    ...(restartAfterMs !== undefined && { restartAfterMs }),
  });
  const host: ProgramHost = {
    cluster,
    engine,
    instance,
    operations,
    oracleHome,
    sid,
    groups: new Set(options.groups ?? ["dba", "oper", "backupdba"]),
    sqlerrorCoversStartup: options.sqlerrorCoversStartup ?? false,
    ...(options.listener !== undefined && { listener: options.listener }),
    ...(options.edition !== undefined && { edition: options.edition }),
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(host, socket);
  });
  const path = programSocket(options.base);
  // What a killed simulator left behind.
  rmSync(path, { force: true });
  await listening(server, path);
  return {
    operations,
    cluster,
    get running() {
      return sockets.size;
    },
    close: async () => {
      cluster[Symbol.dispose]();
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      rmSync(path, { force: true });
    },
  };
}

async function listening(server: Server, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(path, resolve);
  await promise;
  chmodSync(path, 0o600);
}

/** One process of a program, from its first message to its exit code. */
function serve(host: ProgramHost, socket: Socket): void {
  const lines = new InputLines();
  const send = (message: ToProgram) => {
    if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
  };
  let alive = true;
  const run = async ({ program, argv, env }: Extract<FromProgram, { kind: "start" }>) => {
    const code = await programs[program](host, {
      argv,
      env,
      input: lines,
      say: (text) => send({ kind: "output", text }),
      get alive() {
        return alive;
      },
    }).catch((error: unknown) => {
      send({ kind: "output", text: `${program}: ${String(error)}\n` });
      return 1;
    });
    send({ kind: "exit", code });
    socket.end();
  };
  const messages = createInterface(socket);
  // It passes the errors of its socket on: a program that was killed is one.
  messages.on("error", () => undefined);
  messages.on("line", (line) => {
    const message = JSON.parse(line) as FromProgram;
    if (message.kind === "input") lines.add(message.text);
    else if (message.kind === "end") lines.end();
    else void run(message);
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    alive = false;
    lines.end();
  });
}

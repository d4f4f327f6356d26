import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";

import type { Engine } from "../engine/engine.ts";
import { Faults } from "./faults.ts";
import type { FaultPlan } from "./faults.ts";
import { Verifiers } from "./login.ts";
import { profiles } from "./profiles.ts";
import type { ProfileName } from "./profiles.ts";
import { TnsSession } from "./session.ts";

export interface ListenerOptions {
  readonly engine: Engine;
  /** Which release's protocol is spoken. Default 19c. */
  readonly profile?: ProfileName;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  readonly faults?: FaultPlan;
  /** The largest packet, 512 and more. Default 8192. */
  readonly sdu?: number;
  /** Ask for every CONNECT twice, as real servers do. Default true. */
  readonly resendFirst?: boolean;
  /** Send every client on to another listener. */
  readonly redirectTo?: { readonly host: string; readonly port: number };
  /** Default "marker", the order of real servers. */
  readonly errors?: "marker" | "direct";
  /** Leave away column values that repeat those of the row before. Default true. */
  readonly compress?: boolean;
}

/** A running listener. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Connections that are open now. */
  readonly connections: number;
  /** Connections that ever came; also the number of the latest one. */
  readonly accepted: number;
  /** Faults that strike from now on. */
  readonly faults: Faults;
  /** Closes every connection at once, as a crash of the host would; the listener stays. */
  dropAll(): void;
  /** Tells every client that the server is going away (ORA-12572 unless another code is given). */
  announceShutdown(code?: number): void;
  /** Stops listening and closes every connection. Waits for the sessions, but not for ever. */
  close(): Promise<void>;
}

const DEFAULT_SDU = 8192;
const SERVER_GOING_AWAY = 12_572;
/** An engine that ignores its abort signal must not hold the listener. */
const LONGEST_GOODBYE_MS = 2000;

/** Serves the engine to clients of the network protocol. Rejects when the port cannot be had. */
export async function startListener(options: ListenerOptions): Promise<Listener> {
  const host = options.host ?? "127.0.0.1";
  const faults = new Faults(options.faults);
  const open = new Map<TnsSession, Promise<void>>();
  const sessionOptions = {
    engine: options.engine,
    profile: profiles[options.profile ?? "19c"],
    sdu: options.sdu ?? DEFAULT_SDU,
    resendFirst: options.resendFirst ?? true,
    redirectTo: options.redirectTo,
    errors: options.errors ?? "marker",
    compress: options.compress ?? true,
    faults,
    verifiers: new Verifiers(),
  } as const;
  let accepted = 0;
  const server = createServer((socket) => {
    accepted += 1;
    const session = new TnsSession(socket, accepted, sessionOptions);
    const served = session.serve().finally(() => open.delete(session));
    open.set(session, served);
  });
  await listen(server, host, options.port ?? 0);
  const dropAll = (): void => {
    for (const session of open.keys()) session.drop();
  };
  return {
    host,
    port: (server.address() as AddressInfo).port,
    get connections() {
      return open.size;
    },
    get accepted() {
      return accepted;
    },
    faults,
    dropAll,
    announceShutdown(code = SERVER_GOING_AWAY) {
      for (const session of open.keys()) session.announce(code);
    },
    async close() {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      dropAll();
      await Promise.race([Promise.all([stopped, ...open.values()]), goodbyeLimit()]);
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function goodbyeLimit(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, LONGEST_GOODBYE_MS).unref();
  });
}

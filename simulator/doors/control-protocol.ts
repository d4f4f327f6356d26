import type { InstanceState } from "../engine/engine.ts";
import type { InstanceStep } from "../instance/hooks.ts";
import type { PlannedFault } from "../instance/instance-faults.ts";
import type { RememberedState } from "../workload/committed-history.ts";

/** The one line that the program prints when clients may come. */
export interface ReadyLine {
  readonly ready: true;
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  readonly base: string;
  readonly dbName: string;
  /** Upper case; the first is the service of the whole database. */
  readonly services: readonly string[];
  /** Known to the listener in every state of the instance, for SYSDBA and SYSBACKUP. */
  readonly adminService: string;
  readonly accounts: readonly {
    readonly name: string;
    readonly password: string;
    readonly administrative: readonly string[];
  }[];
}

export interface SimulatorStatus {
  readonly state: InstanceState;
  /** A SHUTDOWN is at work. */
  readonly stopping: boolean;
  readonly startedAt: Date;
  /** Steps at which a planted fault holds STARTUP or SHUTDOWN now. */
  readonly hanging: readonly InstanceStep[];
  /** 0 while nothing is mounted. */
  readonly scn: bigint;
  readonly workloadRunning: boolean;
  readonly operations: number;
  readonly commits: number;
  /** SCN of the last remembered commit. */
  readonly lastCommitScn: bigint;
}

/** What a forked simulator can be asked, with its answer. Travels as structured clones, so bigints and Maps are kept. */
export interface ControlCalls {
  status: { readonly ask: null; readonly answer: SimulatorStatus };
  remembered: { readonly ask: { readonly scn: bigint }; readonly answer: RememberedState };
  "start-workload": { readonly ask: { readonly opsPerSecond: number }; readonly answer: null };
  /** `commit`: what is open is committed, else it stays open. */
  "stop-workload": { readonly ask: { readonly commit: boolean }; readonly answer: null };
  startup: {
    readonly ask: { readonly to: "NOMOUNT" | "MOUNT" | "OPEN"; readonly pfile?: string };
    readonly answer: null;
  };
  shutdown: {
    readonly ask: { readonly mode: "NORMAL" | "TRANSACTIONAL" | "IMMEDIATE" | "ABORT" };
    readonly answer: null;
  };
  /** The instance dies as by kill -9; the listener stays. */
  crash: { readonly ask: null; readonly answer: null };
  /** What shall go wrong with STARTUP and SHUTDOWN from now on. */
  plant: { readonly ask: { readonly fault: PlannedFault }; readonly answer: null };
  /** Takes the faults at a step back, or all of them; what hangs goes on. */
  lift: { readonly ask: { readonly at?: InstanceStep }; readonly answer: null };
}

export type ControlKind = keyof ControlCalls;

export interface ControlRequest<K extends ControlKind = ControlKind> {
  readonly id: number;
  readonly kind: K;
  readonly ask: ControlCalls[K]["ask"];
}

export type ControlReply =
  | { readonly id: number; readonly ok: true; readonly answer: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string };

/** One function for each kind: a new kind does not compile until it has one. */
export type ControlHandlers = {
  readonly [K in ControlKind]: (ask: ControlCalls[K]["ask"]) => Promise<ControlCalls[K]["answer"]>;
};

export async function answerControl(
  handlers: ControlHandlers,
  request: ControlRequest,
): Promise<ControlReply> {
  try {
    const handler = handlers[request.kind] as (ask: unknown) => Promise<unknown>;
    return { id: request.id, ok: true, answer: await handler(request.ask) };
  } catch (error) {
    return { id: request.id, ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

export function isControlRequest(message: unknown): message is ControlRequest {
  return (
    typeof message === "object" &&
    message !== null &&
    "id" in message &&
    "kind" in message &&
    "ask" in message
  );
}

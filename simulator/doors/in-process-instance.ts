import { UmbraError } from "../../src/errors/umbra-error.ts";
import type {
  InstanceCall,
  InstanceChange,
  InstanceControl,
  InstanceState,
  InstanceStatus,
  ShutdownRequest,
  StartupRequest,
} from "../../src/ports/instance.ts";
import { OraError } from "../engine/ora-error.ts";
import type { Instance } from "../instance/api.ts";
import { type Hold, InstanceOperations, type StartupOrder } from "../programs/instance-operations.ts";
import type { SimulatedEngine } from "../sql/engine.ts";

/** A call as the faults see it. */
export interface InstanceDoorCall {
  /** Of all calls through this control, from 1. */
  readonly number: number;
  /** `status`, `shutdown immediate`, `startup open`. */
  readonly action: string;
}

/** What may go wrong between the agent and the tool. A promise that never settles misses the deadline. */
export interface InstanceDoorFaults {
  /** An error here means that nothing was done. */
  sending?(call: InstanceDoorCall): Promise<void> | void;
  /** It was done, and its answer does not arrive. */
  answering?(call: InstanceDoorCall): Promise<void> | void;
}

export interface InProcessInstanceOptions {
  readonly engine: SimulatedEngine;
  readonly instance: Instance;
  readonly faults?: InstanceDoorFaults;
  /** Awaited before each step of STARTUP and SHUTDOWN; an OraError thrown here refuses it. */
  readonly hold?: Hold;
  /** Those of the programs, where both drive the same instance. */
  readonly operations?: InstanceOperations;
}

/** The agent's instance port over the simulated instance in the same process. Contract: `InstanceControl`. */
export function inProcessInstance(options: InProcessInstanceOptions): InstanceControl {
  const { engine, instance } = options;
  const operations =
    options.operations ?? new InstanceOperations(engine, instance, options.hold ?? (() => Promise.resolve()));
  const parts: Parts = { ...options, operations };
  let calls = 0;
  const called = <T>(action: string, call: InstanceCall, work: () => Promise<T>): Promise<T> => {
    const seen = { number: (calls += 1), action };
    return within(call, action, async () => {
      await options.faults?.sending?.(seen);
      const result = await work();
      await options.faults?.answering?.(seen);
      return result;
    });
  };
  return {
    status: (call) => called("status", call, () => Promise.resolve(status(parts))),
    shutdown: (request, call) => called(`shutdown ${request.mode}`, call, () => shutdown(parts, request)),
    startup: (request, call) => called(startupWords(request), call, () => startup(parts, request)),
  };
}

interface Parts {
  readonly engine: SimulatedEngine;
  readonly instance: Instance;
  readonly operations: InstanceOperations;
}

const STATES = { IDLE: "down", NOMOUNT: "nomount", MOUNT: "mount", OPEN: "open" } as const;
const ORDER: readonly InstanceState[] = ["down", "nomount", "mount", "open"];
const silently = () => undefined;

function status({ engine, instance, operations }: Parts): InstanceStatus {
  const stopping = operations.refusal !== undefined || instance.stopping !== undefined;
  const state = stopping ? "stopping" : STATES[instance.state];
  const { instanceName: name, host: node } = engine.identity;
  const dbid = instance.controlFile?.dbid;
  return {
    state,
    restricted: instance.restricted && state !== "down",
    readOnly: instance.openMode === "READ ONLY",
    instances: state === "down" ? [] : [{ name, node, state }],
    ...(dbid === undefined ? {} : { dbid: String(dbid) }),
  };
}

async function shutdown(parts: Parts, request: ShutdownRequest): Promise<InstanceChange> {
  const { instance, operations } = parts;
  if (request.mode === "abort") {
    await operations.shutdown("ABORT", silently);
    await startup(parts, { to: "open", restricted: true });
    await operations.shutdown("IMMEDIATE", silently);
    return { changed: true };
  }
  if (instance.state === "IDLE") return { changed: false };
  const mode = ({ normal: "NORMAL", transactional: "TRANSACTIONAL", immediate: "IMMEDIATE" } as const)[
    request.mode
  ];
  await operations.shutdown(mode, silently);
  return { changed: true };
}

async function startup(parts: Parts, request: StartupRequest): Promise<InstanceChange> {
  const { instance, operations } = parts;
  const { to } = request;
  const restricted = request.restricted === true;
  const readOnly = request.readOnly === true;
  const found = status(parts);
  if (found.state === "down") {
    await operations.startup(orderOf(request), silently);
    return { changed: true };
  }
  const agrees =
    found.restricted === restricted &&
    (to !== "open" || found.state !== "open" || found.readOnly === readOnly);
  const ahead = ORDER.indexOf(to) - ORDER.indexOf(found.state);
  if (found.state === "stopping" || !agrees || ahead < 0) throw wrongState(request, found);
  if (found.state === "nomount" && ahead > 0) await instance.mount();
  if (ahead > 0 && to === "open") await instance.open(readOnly ? "READ ONLY" : "READ WRITE");
  return { changed: ahead > 0 };
}

function orderOf({ to, restricted, readOnly, pfile }: StartupRequest): StartupOrder {
  return {
    to: ({ nomount: "NOMOUNT", mount: "MOUNT", open: "OPEN" } as const)[to],
    readOnly: readOnly ?? false,
    restricted: restricted ?? false,
    ...(pfile === undefined ? {} : { pfile }),
  };
}

/** What was begun goes on by itself when nobody waits any more, as the instance does behind a tool that was killed. */
async function within<T>(call: InstanceCall, action: string, work: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const give = (message: string) =>
    late.reject(failure("UMB-5303", action, { message, lost: action !== "status" }));
  const timer = setTimeout(() => give(`no answer within ${call.deadlineMs} ms`), call.deadlineMs);
  const cancel = () => give("cancelled");
  call.signal?.addEventListener("abort", cancel, { once: true });
  try {
    call.signal?.throwIfAborted();
    return await Promise.race([work(), late.promise]);
  } catch (error) {
    throw error instanceof OraError ? translated(error, action) : error;
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener("abort", cancel);
  }
}

/** The tool's own server process died, or another one is at work on the instance. */
const UNSURE = new Set([603, 1092, 3113, 3114, 10_997]);

function translated({ code, message }: OraError, action: string): UmbraError {
  if (code === 1149) return failure("UMB-5302", action, { ora: code, message });
  if (code === 1017 || code === 1031) return failure("UMB-5307", action, { ora: code, message });
  if (UNSURE.has(code)) return failure("UMB-5303", action, { ora: code, message, lost: action !== "status" });
  return failure("UMB-5301", action, { ora: code, message });
}

function failure(
  code: "UMB-5301" | "UMB-5302" | "UMB-5303" | "UMB-5307",
  action: string,
  said: { readonly message: string; readonly ora?: number; readonly lost?: boolean },
): UmbraError {
  const { message, ora = null, lost = false } = said;
  return new UmbraError(code, { program: "sqlplus", action, ora, message, lost });
}

function wrongState(request: StartupRequest, found: InstanceStatus): UmbraError {
  const action = startupWords(request);
  const words = [found.state, found.readOnly ? "read only" : "", found.restricted ? "restricted" : ""];
  return new UmbraError("UMB-5305", {
    program: "sqlplus",
    action,
    ora: null,
    message: "",
    lost: false,
    found: words.filter((word) => word !== "").join(" "),
  });
}

function startupWords({ to, readOnly, restricted }: StartupRequest): string {
  return `startup ${to}${readOnly === true ? " read only" : ""}${restricted === true ? " restrict" : ""}`;
}

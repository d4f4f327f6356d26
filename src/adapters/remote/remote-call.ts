import { isUmbraError, UmbraError } from "../../errors/umbra-error.ts";
import { type CallName, calls } from "../../remote/calls.ts";
import { FAR_BEAT_MS } from "../../remote/protocol.ts";
import { guardCall } from "../host/call-guard.ts";
import type { PendingCall } from "./pending-call.ts";
import type { RemoteSessions, SessionsParts } from "./sessions.ts";

/** A copy that is given up removes its file; it gets so long to say that it did. */
const LET_GO_MS = 6_000;
/** Fewer beats than this may be lost on a busy machine. */
const LEAST_QUIET_MS = 6 * FAR_BEAT_MS;
/** After these a thread of the far side hangs in the operating system. */
const HUNG: ReadonlySet<string> = new Set(["UMB-7107", "UMB-7106", "UMB-6103"]);

/** What the last argument of a call may hold. */
interface CallOptions {
  readonly deadlineMs?: number;
  readonly stallMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: PendingCall["onProgress"];
}

/** One call of the port, from its start to its answer, within its deadline. */
export async function performRemotely(
  sessions: RemoteSessions,
  { host, program, patientStart = false }: SessionsParts,
  name: CallName,
  args: readonly unknown[],
): Promise<unknown> {
  const { signal, onProgress, ...plain } = args.at(-1) as CallOptions;
  signal?.throwIfAborted();
  const { deadlineMs, stallMs } = plain;
  let asked = false;
  const late = () => lateError(host, program, name, args, deadlineMs ?? 0, asked);
  const begun = performance.now();
  const session = await orLeft(sessions.get(), patientStart ? undefined : deadlineMs, late, signal);
  const spentMs = patientStart ? 0 : performance.now() - begun;
  using guard = guardCall(deadlineMs === undefined ? undefined : deadlineMs - spentMs, late, signal);
  const answer = Promise.withResolvers<unknown>();
  answer.promise.catch(() => {});
  const sent = session.send(name, [...args.slice(0, -1), plain], {
    program: `${program} (${calls[name].operation})`,
    quietMs: stallMs === undefined ? undefined : Math.max(stallMs, LEAST_QUIET_MS),
    onProgress,
    resolve: answer.resolve,
    reject: answer.reject,
    progress: Promise.resolve(),
  });
  asked = true;
  try {
    return await Promise.race([answer.promise, guard.left]);
  } catch (error) {
    sent.cancel();
    if (isUmbraError(error) && HUNG.has(error.code)) sessions.abandon(session);
    else if (stallMs !== undefined) await answeredWithin(answer.promise, LET_GO_MS);
    sent.forget();
    throw error;
  }
}

async function orLeft<T>(
  work: Promise<T>,
  deadlineMs: number | undefined,
  late: () => Error,
  signal: AbortSignal | undefined,
): Promise<T> {
  using guard = guardCall(deadlineMs, late, signal);
  return await Promise.race([work, guard.left]);
}

/** As the local host says it. A program that was not even asked for did not start. */
function lateError(
  host: string,
  program: string,
  name: CallName,
  args: readonly unknown[],
  deadlineMs: number,
  asked: boolean,
): UmbraError {
  const { group, operation } = calls[name];
  if (group !== "run") {
    const path = args.length > 1 ? String(args[0]) : host;
    return new UmbraError("UMB-7107", { path, operation, deadlineMs });
  }
  const [started = program] = args[0] as readonly string[];
  if (asked) return new UmbraError("UMB-7202", { host, program: started, deadlineMs });
  const reason = `no answer from ${program} within ${deadlineMs} ms`;
  return new UmbraError("UMB-7201", { host, program: started, reason });
}

async function answeredWithin(answer: Promise<unknown>, ms: number): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([Promise.allSettled([answer]), late]);
  clearTimeout(timer);
}

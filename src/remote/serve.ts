import { finished, type Readable, type Writable } from "node:stream";

import { UmbraError } from "../errors/umbra-error.ts";
import type { Host } from "../ports/host.ts";
import { callOf, type CallGroup, type CallName } from "./calls.ts";
import { sentError } from "./far-error.ts";
import { frameText, parseFrame } from "./frame-text.ts";
import { linesOf, LineTooLong } from "./lines.ts";
import { ProgressWindow } from "./progress-window.ts";
import {
  type FarMessage,
  FAR_BEAT_MS,
  type Hello,
  MAX_FRAME_BYTES,
  NEAR_LOST_MS,
  type NearMessage,
  PROGRESS_AHEAD_BYTES,
  PROTOCOL,
} from "./protocol.ts";

/** What is under way at the end gets so long to let go and to remove its files. */
const LET_GO_MS = 5_000;

export interface FarSideParts {
  readonly host: Host;
  readonly input: Readable;
  /** Gets nothing but messages. */
  readonly output: Writable;
  readonly version: string;
  readonly allow: ReadonlySet<CallGroup>;
  /** Ends the far side as the end of its input does. */
  readonly signal: AbortSignal;
  /** No word from the near side for so long while calls are under way: it is gone. */
  readonly nearLostMs?: number;
}

interface Running {
  readonly stop: AbortController;
  readonly progress: ProgressWindow;
  readonly done: Promise<void>;
}

/**
 * Performs on `host` what the near side asks for, until its input ends, its output breaks or `signal` is aborted; then
 * all work is stopped and awaited. Errors: UMB-7221 where the near side speaks another protocol, UMB-7223 where what it
 * says makes no sense.
 */
export async function serveRemote(parts: FarSideParts): Promise<void> {
  await new FarSide(parts).serve();
}

class FarSide {
  readonly #parts: FarSideParts;
  readonly #running = new Map<number, Running>();
  #quietMs = 0;
  #ending = false;

  constructor(parts: FarSideParts) {
    this.#parts = parts;
  }

  async serve(): Promise<void> {
    const { input, output, signal, version } = this.#parts;
    const end = () => void input.destroy();
    const unheard = finished(output, { readable: false }, end);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    const beats = setInterval(() => this.#beat(end), FAR_BEAT_MS);
    try {
      output.write(frameText({ umbra: version, protocol: PROTOCOL } satisfies Hello));
      await this.#listen();
    } finally {
      clearInterval(beats);
      await this.#stopAll();
      unheard();
      signal.removeEventListener("abort", end);
    }
  }

  async #listen(): Promise<void> {
    let greeted = false;
    try {
      for await (const line of linesOf(this.#parts.input, MAX_FRAME_BYTES)) {
        this.#quietMs = 0;
        const message = parseFrame(line);
        if (greeted) this.#take(message as NearMessage);
        else this.#greet(message as Partial<Hello> | null);
        greeted = true;
      }
    } catch (error) {
      if (error instanceof UmbraError) throw error;
      // Cut off by the connection or by ourselves: an end like any other.
      if (!isNonsense(error)) return;
      throw new UmbraError("UMB-7223", { host: "the near side", problem: String(error) }, { cause: error });
    }
  }

  #greet(hello: Partial<Hello> | null): void {
    if (hello?.protocol === PROTOCOL) return;
    throw new UmbraError("UMB-7221", {
      host: "the near side",
      theirs: hello?.umbra ?? "?",
      theirProtocol: hello?.protocol ?? 0,
      ours: this.#parts.version,
      ourProtocol: PROTOCOL,
    });
  }

  #take(message: NearMessage): void {
    if ("beat" in message) return;
    const running = this.#running.get(message.id);
    if ("cancel" in message) running?.stop.abort(new Error("cancelled by the near side"));
    else if ("seen" in message) running?.progress.seen(message.seen);
    else this.#start(message.id, message.call, message.args);
  }

  #start(id: number, call: CallName, args: readonly unknown[]): void {
    const stop = new AbortController();
    const send = (bytesDone: number) => this.#send({ id, progress: bytesDone });
    const progress = new ProgressWindow(send, PROGRESS_AHEAD_BYTES);
    const work = this.#perform(call, args, stop.signal, progress);
    const done = this.#answer(id, work, progress).finally(() => this.#running.delete(id));
    this.#running.set(id, { stop, progress, done });
  }

  async #answer(id: number, work: Promise<unknown>, progress: ProgressWindow): Promise<void> {
    try {
      const result = await work;
      progress.flush();
      this.#send({ id, result });
    } catch (error) {
      this.#send({ id, error: sentError(error) });
    }
  }

  async #perform(
    name: CallName,
    args: readonly unknown[],
    signal: AbortSignal,
    progress: ProgressWindow,
  ): Promise<unknown> {
    const { host, allow } = this.#parts;
    const call = callOf(name);
    // A port may have methods that not every host has.
    const method = call && host[name];
    if (call === undefined || method === undefined || !allow.has(call.group)) {
      throw new UmbraError("UMB-7224", { host: host.name, call: name, allowed: [...allow] });
    }
    const last = args.at(-1);
    if (typeof last !== "object" || last === null) {
      throw new UmbraError("UMB-7223", { host: "the near side", problem: `${name} without options` });
    }
    const onProgress = (bytesDone: number) => progress.report(bytesDone);
    const options = { ...last, signal, ...(call.group === "files" ? {} : { onProgress }) };
    return await Reflect.apply(method, host, [...args.slice(0, -1), options]);
  }

  #send(message: FarMessage): void {
    if (this.#ending) return;
    this.#parts.output.write(frameText(message));
  }

  /** Timers that are late by a busy process count once, so that only true silence adds up. */
  #beat(end: () => void): void {
    this.#quietMs = this.#running.size === 0 ? 0 : this.#quietMs + FAR_BEAT_MS;
    if (this.#quietMs >= (this.#parts.nearLostMs ?? NEAR_LOST_MS)) return end();
    if (this.#running.size > 0 && !this.#parts.output.writableNeedDrain) this.#send({ beat: true });
  }

  async #stopAll(): Promise<void> {
    this.#ending = true;
    const all = [...this.#running.values()];
    for (const { stop, progress } of all) {
      stop.abort(new Error("the near side is gone"));
      progress.end();
    }
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, LET_GO_MS);
    await Promise.race([Promise.all(all.map(({ done }) => done)), late]);
    clearTimeout(timer);
  }
}

function isNonsense(error: unknown): boolean {
  return error instanceof LineTooLong || error instanceof SyntaxError || error instanceof TypeError;
}

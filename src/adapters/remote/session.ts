import { UmbraError } from "../../errors/umbra-error.ts";
import type { CallName } from "../../remote/calls.ts";
import { receivedError } from "../../remote/far-error.ts";
import { frameText, parseFrame } from "../../remote/frame-text.ts";
import { linesOf } from "../../remote/lines.ts";
import {
  type FarMessage,
  FAR_BEAT_MS,
  MAX_FRAME_BYTES,
  NEAR_BEAT_MS,
  type NearMessage,
} from "../../remote/protocol.ts";
import { greet } from "./greet.ts";
import type { Link } from "./link.ts";
import type { PendingCall } from "./pending-call.ts";

/** A far side that was told to end and does not is killed. */
const GOODBYE_MS = 7_000;

export interface SessionParts {
  readonly host: string;
  readonly program: string;
  readonly version: string;
  /** From the start of the program to its first line. */
  readonly helloMs: number;
}

/** A call on its way, for a caller who leaves it. */
export interface SentCall {
  /** Tells the far side to stop; it still answers. */
  readonly cancel: () => void;
  /** Its answer is not waited for any more: it may never come. */
  readonly forget: () => void;
}

/** One running `umbra remote` and the calls that are under way in it. */
export class RemoteSession {
  readonly #host: string;
  readonly #link: Link;
  readonly #calls = new Map<number, PendingCall>();
  readonly #beats: NodeJS.Timeout;
  readonly #onIdle: () => void;
  #next = 1;
  #quietMs = 0;
  #sinceBeatMs = 0;
  #ended = false;
  #retired: "politely" | "hung" | undefined;

  /** Starts to speak: the session is there when the far side has greeted. Errors: UMB-7221, UMB-7222. */
  static async open(link: Link, parts: SessionParts, onIdle: () => void): Promise<RemoteSession> {
    const lines = linesOf(link.output, MAX_FRAME_BYTES);
    try {
      await greet(link, lines, parts);
    } catch (error) {
      link.kill();
      throw error;
    }
    const session = new RemoteSession(link, parts.host, onIdle);
    void session.#listen(lines);
    return session;
  }

  private constructor(link: Link, host: string, onIdle: () => void) {
    this.#link = link;
    this.#host = host;
    this.#onIdle = onIdle;
    link.input.on("error", () => {});
    this.#beats = setInterval(() => this.#beat(), FAR_BEAT_MS);
    this.#beats.unref();
  }

  /** False once it ended or was told to. */
  get usable(): boolean {
    return !this.#ended && this.#retired === undefined;
  }

  get idle(): boolean {
    return this.#calls.size === 0;
  }

  send(call: CallName, args: readonly unknown[], pending: PendingCall): SentCall {
    if (this.#ended) {
      pending.reject(new UmbraError("UMB-7203", { host: this.#host, program: pending.program }));
      return { cancel: () => {}, forget: () => {} };
    }
    const id = this.#next;
    this.#next += 1;
    if (this.#calls.size === 0) this.#quietMs = 0;
    // Nothing else may be open in this process, and a call that is waited for must not let it end.
    this.#beats.ref();
    this.#calls.set(id, pending);
    this.#say({ id, call, args });
    return {
      cancel: () => {
        if (this.#calls.has(id)) this.#say({ id, cancel: true });
      },
      forget: () => this.#done(id),
    };
  }

  /**
   * Takes no more calls, and ends when the last one is answered: by the end of its input, or, where a thread of it hangs
   * in the operating system and it could not end by itself, by SIGKILL.
   */
  retire(how: "politely" | "hung"): void {
    this.#retired = this.#retired === "hung" ? "hung" : how;
    if (this.#calls.size === 0) this.#close();
  }

  /** Ends at once; what is under way has an unknown outcome (UMB-7203). */
  kill(): void {
    this.#lost();
    this.#link.kill();
  }

  /** The end of its input is the far side's order to stop all and to clean up. */
  #close(): void {
    if (this.#ended) return;
    if (this.#retired === "hung") return this.kill();
    this.#ended = true;
    clearInterval(this.#beats);
    this.#link.input.end();
    const late = setTimeout(() => this.#link.kill(), GOODBYE_MS);
    late.unref();
    this.#link.output.once("close", () => clearTimeout(late));
  }

  async #listen(lines: AsyncGenerator<string>): Promise<void> {
    try {
      for await (const line of lines) {
        this.#quietMs = 0;
        this.#take(parseFrame(line) as FarMessage);
      }
    } catch {
      // A connection that broke, or nonsense on it: what is under way is unknown either way.
    }
    this.#lost();
    this.#link.kill();
  }

  #take(message: FarMessage): void {
    if ("beat" in message) return;
    const { id } = message;
    const pending = this.#calls.get(id);
    if (pending === undefined) return;
    if ("progress" in message) return this.#progress(id, pending, message.progress);
    // What the caller still takes in of its progress holds it up; where that failed, its error is the call's.
    const answered = (failure?: { readonly reason: unknown }) =>
      this.#answered(id, pending, message, failure);
    void pending.progress.then(
      () => answered(),
      (reason: unknown) => answered({ reason }),
    );
  }

  #answered(
    id: number,
    { resolve, reject }: PendingCall,
    message: Exclude<FarMessage, { beat: true }>,
    failure: { readonly reason: unknown } | undefined,
  ): void {
    if (!this.#calls.has(id)) return;
    if (failure !== undefined) reject(failure.reason);
    else if ("error" in message) reject(receivedError(this.#host, message.error));
    else resolve("result" in message ? message.result : undefined);
    this.#done(id);
  }

  #done(id: number): void {
    if (!this.#calls.delete(id) || this.#calls.size > 0) return;
    this.#beats.unref();
    if (this.#retired !== undefined) this.#close();
    else this.#onIdle();
  }

  #progress(id: number, pending: PendingCall, bytesDone: number): void {
    const taken = async (before: Promise<void>) => {
      await before;
      await pending.onProgress?.(bytesDone);
      this.#say({ id, seen: bytesDone });
    };
    pending.progress = taken(pending.progress);
    pending.progress.catch(() => this.#say({ id, cancel: true }));
  }

  /** Counted in timers, not by a clock: where this process itself was held up, the far side was not silent. */
  #beat(): void {
    if (this.#calls.size === 0) return;
    this.#quietMs += FAR_BEAT_MS;
    this.#sinceBeatMs += FAR_BEAT_MS;
    const limit = Math.min(...[...this.#calls.values()].map(({ quietMs }) => quietMs ?? Infinity));
    if (this.#quietMs > limit) return this.kill();
    if (this.#sinceBeatMs < NEAR_BEAT_MS) return;
    this.#sinceBeatMs = 0;
    this.#say({ beat: true });
  }

  #say(message: NearMessage): void {
    if (!this.#ended) this.#link.input.write(frameText(message));
  }

  #lost(): void {
    this.#ended = true;
    clearInterval(this.#beats);
    for (const { program, reject } of this.#calls.values()) {
      reject(new UmbraError("UMB-7203", { host: this.#host, program }));
    }
    this.#calls.clear();
  }
}

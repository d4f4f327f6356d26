import type { Link } from "./link.ts";
import { RemoteSession, type SessionParts } from "./session.ts";

export interface SessionsParts extends SessionParts {
  /** Starts the far side. It is killed where it comes too late to be wanted. */
  readonly start: () => Promise<Link>;
  /** A session that nobody used for so long is ended; it is started again when it is needed. Default: never. */
  readonly idleMs?: number;
  /** Its start, which has `helloMs`, does not count against the deadlines of calls. */
  readonly patientStart?: boolean;
}

/** At most one session for new calls: started when it is first needed, and again after it ended or was retired. */
export class RemoteSessions implements Disposable {
  readonly #parts: SessionsParts;
  readonly #all = new Set<RemoteSession>();
  #current: Promise<RemoteSession> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
  }

  /** A session that takes calls at this moment. One that died before it was asked anything is started once more. */
  async get(): Promise<RemoteSession> {
    const first = this.#currentOne();
    const session = await first;
    clearTimeout(this.#idle);
    if (session.usable) return session;
    this.#forget(first);
    return await this.#currentOne();
  }

  /** A thread of its far side hangs: it gets no new calls, and the next call starts another. */
  abandon(session: RemoteSession): void {
    session.retire("hung");
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    clearTimeout(this.#idle);
    for (const session of this.#all) session.retire("politely");
    this.#all.clear();
  }

  #currentOne(): Promise<RemoteSession> {
    if (this.#current) return this.#current;
    const opening = this.#opened();
    this.#current = opening;
    opening.catch(() => this.#forget(opening));
    return opening;
  }

  #forget(opening: Promise<RemoteSession>): void {
    if (this.#current === opening) this.#current = undefined;
  }

  async #opened(): Promise<RemoteSession> {
    const link = await this.#parts.start();
    const session = await RemoteSession.open(link, this.#parts, () => this.#whenIdle(session));
    for (const one of this.#all) if (!one.usable && one.idle) this.#all.delete(one);
    this.#all.add(session);
    if (this.#disposed) session.retire("politely");
    return session;
  }

  #whenIdle(session: RemoteSession): void {
    const { idleMs } = this.#parts;
    if (idleMs === undefined) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (session.idle) session.retire("politely");
    }, idleMs);
    this.#idle.unref();
  }
}

import type { SessionState } from "./session-state.ts";

const FIRST_SID = 20;

/** All sessions of the instance, by SID. */
export class SessionRegistry {
  readonly #sessions = new Map<number, SessionState>();
  #serial = 1000;

  /** The lowest free SID and a serial number that was not used before. */
  identify(): { sid: number; serial: number } {
    let sid = FIRST_SID;
    while (this.#sessions.has(sid)) sid += 1;
    this.#serial += 7;
    return { sid, serial: this.#serial };
  }

  add(session: SessionState): void {
    this.#sessions.set(session.sid, session);
  }

  remove(session: SessionState): void {
    if (this.#sessions.get(session.sid) === session) this.#sessions.delete(session.sid);
  }

  find(sid: number, serial: number): SessionState | undefined {
    const session = this.#sessions.get(sid);
    return session?.serial === serial ? session : undefined;
  }

  all(): readonly SessionState[] {
    return [...this.#sessions.values()];
  }
}

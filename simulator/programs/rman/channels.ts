import type { Console } from "./console.ts";

export interface Channel {
  readonly name: string;
  readonly format: string | undefined;
}

const FIRST_SESSION = 269;

/** Channels of one session: those of a run block, or the one that is always there when none was allocated. */
export class Channels {
  readonly #console: Console;
  readonly #enterprise: boolean;
  #allocated: Channel[] = [];
  #automatic: Channel | undefined;
  #warned = false;

  constructor(console: Console, enterprise: boolean) {
    this.#console = console;
    this.#enterprise = enterprise;
  }

  allocate(name: string, format: string | undefined): boolean {
    if (this.#allocated.some((channel) => channel.name === name)) return false;
    if (this.#automatic !== undefined) {
      this.#console.say(8031, `released channel: ${this.#automatic.name}`);
      this.#automatic = undefined;
    }
    this.#allocated.push({ name, format });
    this.#announce(name);
    return true;
  }

  release(name: string): boolean {
    const found = this.#allocated.some((channel) => channel.name === name);
    this.#allocated = this.#allocated.filter((channel) => channel.name !== name);
    if (found) this.#console.say(8031, `released channel: ${name}`);
    return found;
  }

  /** The end of a run block. */
  releaseAll(): void {
    for (const { name } of this.#allocated.slice()) this.release(name);
  }

  /** Channels that work at once: all of them, but Standard Edition uses the first only and says so. */
  working(): readonly [Channel, ...Channel[]] {
    const [first, ...rest] = this.#allocated;
    if (first === undefined) return [this.#own()];
    if (rest.length === 0 || this.#enterprise) return [first, ...rest];
    if (!this.#warned) {
      this.#console.warn(6908, "operation will not run in parallel on the allocated channels");
      this.#console.warn(6909, "parallelism require Enterprise Edition");
    }
    this.#warned = true;
    return [first];
  }

  #own(): Channel {
    if (this.#automatic !== undefined) this.#console.say(8030, `using channel ${this.#automatic.name}`);
    else {
      this.#automatic = { name: "ORA_DISK_1", format: undefined };
      this.#announce(this.#automatic.name);
    }
    return this.#automatic;
  }

  #announce(name: string): void {
    this.#console.say(8030, `allocated channel: ${name}`);
    const sid = FIRST_SESSION + this.#allocated.length;
    this.#console.say(8500, `channel ${name}: SID=${sid} device type=DISK`);
  }
}

import type { EngineSession } from "../../engine/engine.ts";
import type { Console } from "./console.ts";

export interface Channel {
  readonly name: string;
  readonly format: string | undefined;
  /** Of its server process, as v$session shows it; absent where there is no instance to log in to. */
  readonly session: EngineSession | undefined;
}

/** Logs a channel in; its CLIENT_INFO is `rman channel=NAME`. */
export type OpenChannel = (name: string) => EngineSession | undefined;

/** Channels of one session: those of a run block, or the one that is always there when none was allocated. */
export class Channels {
  readonly #console: Console;
  readonly #enterprise: boolean;
  readonly #open: OpenChannel;
  #allocated: Channel[] = [];
  #automatic: Channel | undefined;
  #warned = false;

  constructor(console: Console, enterprise: boolean, open: OpenChannel) {
    this.#console = console;
    this.#open = open;
    this.#enterprise = enterprise;
  }

  async allocate(name: string, format: string | undefined): Promise<boolean> {
    if (this.#allocated.some((channel) => channel.name === name)) return false;
    if (this.#automatic !== undefined) {
      this.#console.say(8031, `released channel: ${this.#automatic.name}`);
      await this.#automatic.session?.close();
      this.#automatic = undefined;
    }
    const channel = { name, format, session: this.#open(name) };
    this.#allocated.push(channel);
    this.#announce(channel);
    return true;
  }

  async release(name: string): Promise<boolean> {
    const found = this.#allocated.find((channel) => channel.name === name);
    this.#allocated = this.#allocated.filter((channel) => channel.name !== name);
    if (found === undefined) return false;
    await found.session?.close();
    this.#console.say(8031, `released channel: ${name}`);
    return true;
  }

  /** The end of a run block. */
  async releaseAll(): Promise<void> {
    for (const { name } of this.#allocated.slice()) await this.release(name);
  }

  /** The end of the client. */
  async close(): Promise<void> {
    for (const { session } of this.#allocated) await session?.close();
    await this.#automatic?.session?.close();
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
      const name = "ORA_DISK_1";
      this.#automatic = { name, format: undefined, session: this.#open(name) };
      this.#announce(this.#automatic);
    }
    return this.#automatic;
  }

  #announce({ name, session }: Channel): void {
    this.#console.say(8030, `allocated channel: ${name}`);
    this.#console.say(8500, `channel ${name}: SID=${session?.sid ?? 0} device type=DISK`);
  }
}

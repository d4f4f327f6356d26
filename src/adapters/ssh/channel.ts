import type { Client, ClientChannel } from "ssh2";

import { UmbraError } from "../../errors/umbra-error.ts";
import type { RunResult } from "../../ports/host.ts";
import { RunOutput } from "../host/run-output.ts";
import { killProgram } from "./kill-program.ts";
import type { SshRunOptions } from "./run-over-ssh.ts";

interface ChannelParts {
  readonly host: string;
  readonly program: string;
  readonly options: SshRunOptions;
}

/** One command on its way: from the request for a channel to the channel's end. */
export class Channel {
  readonly #parts: ChannelParts;
  readonly #done = Promise.withResolvers<RunResult>();
  #stream: ClientChannel | undefined;
  #killed = false;

  constructor(parts: ChannelParts) {
    this.#parts = parts;
  }

  run(client: Client, line: string): Promise<RunResult> {
    const { host, program } = this.#parts;
    const lost = () => this.#done.reject(new UmbraError("UMB-7203", { host, program }));
    client.once("close", lost);
    const unheard = () => client.removeListener("close", lost);
    this.#done.promise.then(unheard, unheard);
    try {
      client.exec(line, (error, stream) => (error ? this.#failed(error) : this.#opened(stream)));
    } catch (error) {
      // Thrown before anything is sent.
      this.#notStarted(error);
    }
    return this.#done.promise;
  }

  /** Asks the server to kill it, which it may refuse (OpenSSH does for root), and lets go of it. */
  kill(): void {
    this.#killed = true;
    if (this.#stream) killProgram(this.#stream);
  }

  /** With a reason the server said no; without one its answer never came, and the program may run. */
  #failed(error: Error & { reason?: unknown }): void {
    const { host, program } = this.#parts;
    const refused = error.reason !== undefined || error.message === "Unable to exec";
    if (refused) this.#notStarted(error);
    else this.#done.reject(new UmbraError("UMB-7203", { host, program }, { cause: error }));
  }

  #notStarted(error: unknown): void {
    const { host, program } = this.#parts;
    const reason = error instanceof Error ? error.message : String(error);
    this.#done.reject(new UmbraError("UMB-7201", { host, program, reason }, { cause: error }));
  }

  #opened(stream: ClientChannel): void {
    this.#stream = stream;
    const { host, program, options } = this.#parts;
    const { maxOutputBytes, input = "" } = options;
    const output = new RunOutput(maxOutputBytes);
    const add = (name: "stdout" | "stderr") => (chunk: Buffer) => {
      if (output.add(name, chunk)) return options.onOutput?.(name, chunk);
      this.#done.reject(new UmbraError("UMB-7204", { host, program, maxOutputBytes }));
    };
    stream.on("data", add("stdout"));
    stream.stderr.on("data", add("stderr"));
    let end: Pick<RunResult, "status" | "signal"> | undefined;
    stream.on("exit", (status: number | null, signal?: string) => {
      end = { status: status ?? undefined, signal: status === null ? signal : undefined };
    });
    stream.on("close", () => {
      // A channel that ends without saying how its program did was cut.
      if (end === undefined) this.#done.reject(new UmbraError("UMB-7203", { host, program }));
      else this.#done.resolve({ ...end, ...output.all });
    });
    // A program may end without reading its input.
    stream.on("error", () => {});
    if (this.#killed) this.kill();
    else stream.end(Buffer.from(input));
  }
}

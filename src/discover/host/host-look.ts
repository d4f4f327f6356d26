import type { FilePath } from "../../domain/names.ts";
import { isUmbraError } from "../../errors/umbra-error.ts";
import type { Host, HostOptions } from "../../ports/host.ts";
import type { HostProblem } from "./found.ts";

/** What a look needs of a host: programs that only tell, and files that are only read. */
export type LookedAt = Pick<Host, "name" | "run" | "read" | "stat">;

/** An oratab or a listener's services are some kilobytes; more is a mistake. */
const MOST_BYTES = 4 * 1024 * 1024;

/** What a program printed before it ended by itself, with whatever status. */
export interface Printed {
  readonly status: number | undefined;
  readonly text: string;
}

/**
 * Calls to a host that never fail for what a single program or file does: it becomes a problem in the report. Errors of
 * the connection itself are thrown, as is what ends the process.
 */
export class HostLook {
  readonly host: LookedAt;
  readonly #options: HostOptions;
  readonly #problems: HostProblem[] = [];

  constructor(host: LookedAt, options: HostOptions) {
    this.host = host;
    this.#options = options;
  }

  get problems(): readonly HostProblem[] {
    return this.#problems;
  }

  note(seen: string, todo: string): void {
    if (!this.#problems.some((one) => one.seen === seen)) this.#problems.push({ seen, todo });
  }

  /** undefined where it could not be run to its end. */
  async run(argv: readonly string[], input?: string): Promise<Printed | undefined> {
    return await this.#tried(async () => {
      const options = {
        ...this.#options,
        maxOutputBytes: MOST_BYTES,
        ...(input === undefined ? {} : { input }),
      };
      const { status, stdout, stderr } = await this.host.run(argv, options);
      return { status, text: `${stdout.toString("utf8")}\n${stderr.toString("utf8")}` };
    });
  }

  /** undefined where it is not there, or may not be read; the second is a problem. */
  async readText(path: FilePath): Promise<string | undefined> {
    return await this.#tried(async () => {
      const found = await this.host.stat(path, this.#options);
      if (found?.kind !== "file") return undefined;
      const range = { offset: 0, length: MOST_BYTES };
      return (await this.host.read(path, range, this.#options)).toString("utf8");
    });
  }

  /** undefined where it cannot be told. */
  async kindOf(path: FilePath): Promise<"file" | "directory" | "other" | "absent" | undefined> {
    return await this.#tried(async () => (await this.host.stat(path, this.#options))?.kind ?? "absent");
  }

  async #tried<T>(call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      if (!isUmbraError(error) || !SINGLE.has(error.code)) throw error;
      this.note(
        error.message,
        "look whether umbra's account may do this on that host, and run it by hand there",
      );
      return undefined;
    }
  }
}

/** Failures of one program or one path. What is left is the connection's. */
const SINGLE: ReadonlySet<string> = new Set([
  "UMB-7107",
  "UMB-7108",
  "UMB-7201",
  "UMB-7202",
  "UMB-7203",
  "UMB-7204",
  "UMB-7205",
]);

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { programEnvironment } from "./program-environment.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
/** Longer than any command of a test takes; then the process is killed and the test fails. */
const DEADLINE_MS = 50_000;

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `umbra` as a user runs it: a process of its own, with nothing of the test's environment. */
export class UmbraProcess {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #parts = { stdout: "", stderr: "" };
  readonly #lines: string[] = [];
  readonly #watchers = new Set<() => void>();
  readonly #ended: Promise<Ended>;

  /** `through`: a program that starts it, and becomes it. */
  constructor(
    argv: readonly string[],
    env: Readonly<Record<string, string>> = {},
    through: readonly string[] = [],
  ) {
    const [program = "", ...args] = [...through, process.execPath, MAIN, ...argv];
    this.#child = spawn(program, args, {
      env: programEnvironment(env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.pid = this.#child.pid ?? -1;
    this.#ended = this.#follow();
  }

  /** So far. */
  get stderr(): string {
    return this.#parts.stderr;
  }

  get ended(): Promise<Ended> {
    return this.#ended;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** As `umbra … | head` does. */
  stopReading(): void {
    this.#child.stdout?.destroy();
  }

  /** The first line of standard output that the test likes, at once or as soon as it comes. Rejects when the process ends without it. */
  async line(wanted: (line: string) => boolean): Promise<string> {
    const found = Promise.withResolvers<string>();
    const look = () => {
      const line = this.#lines.find(wanted);
      if (line !== undefined) found.resolve(line);
    };
    this.#watchers.add(look);
    look();
    void this.#ended.then(({ status, stdout, stderr }) =>
      found.reject(new Error(`umbra ended with status ${status} before\n${stdout}\n${stderr}`)),
    );
    return await found.promise.finally(() => this.#watchers.delete(look));
  }

  async #follow(): Promise<Ended> {
    const child = this.#child;
    const timer = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS);
    for (const name of ["stdout", "stderr"] as const) {
      const stream = child[name];
      if (stream === null) continue;
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => (this.#parts[name] += text));
    }
    if (child.stdout !== null) {
      createInterface(child.stdout).on("line", (line) => {
        this.#lines.push(line);
        for (const look of this.#watchers) look();
      });
    }
    const [status, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    clearTimeout(timer);
    return { status, signal, ...this.#parts };
  }
}

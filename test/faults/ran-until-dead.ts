import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { expect } from "vitest";

/** One that waits for the word, and how it ended. */
interface WaitingAgent {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly said: string;
}

/** Processes of one program of this folder (`runAgent`), each for one death. The next loads everything while one dies. */
export class DyingAgents<Spec extends object> implements Disposable {
  readonly #program: string;
  #next: WaitingAgent;

  constructor(program: string) {
    this.#program = fileURLToPath(new URL(program, import.meta.url));
    this.#next = started(this.#program);
  }

  /** False where the run was done first. What it says of an error fails the test, whether it died or not. */
  async ranUntilDead(spec: Spec): Promise<boolean> {
    const { child, ended } = this.#next;
    this.#next = started(this.#program);
    child.stdin?.end(`${JSON.stringify(spec)}\n`);
    return hasDied(spec, await ended);
  }

  [Symbol.dispose](): void {
    this.#next.child.kill("SIGKILL");
  }
}

function hasDied(spec: object, { status, signal, said }: Ended): boolean {
  expect({ spec, said }).toEqual({ spec, said: "" });
  if (signal === "SIGKILL") return true;
  expect({ spec, status, signal }).toEqual({ spec, status: 0, signal: null });
  return false;
}

function started(program: string): WaitingAgent {
  const child = spawn(process.execPath, [program], { stdio: ["pipe", "ignore", "pipe"] });
  const complaints: Buffer[] = [];
  child.stderr.on("data", (part: Buffer) => complaints.push(part));
  // It may end before it has read.
  child.stdin.on("error", () => {});
  const ended = once(child, "close").then(([status, signal]: (number | string | null)[]) => ({
    status: typeof status === "number" ? status : null,
    signal: typeof signal === "string" ? signal : null,
    said: Buffer.concat(complaints).toString("utf8"),
  }));
  return { child, ended };
}

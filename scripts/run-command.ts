import { spawn } from "node:child_process";

export interface CommandResult {
  readonly name: string;
  readonly status: number;
  readonly output: string;
  readonly seconds: number;
}

/** Runs one program of the project and gathers what it printed. Never throws: a program that cannot start has status 127. */
export function runCommand(name: string, argv: readonly string[]): Promise<CommandResult> {
  const started = performance.now();
  const [program = "", ...rest] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"] });
    const parts: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => parts.push(part));
    child.stderr.on("data", (part: Buffer) => parts.push(part));
    const done = (status: number, extra = "") =>
      resolve({
        name,
        status,
        output: Buffer.concat(parts).toString("utf8") + extra,
        seconds: (performance.now() - started) / 1000,
      });
    child.on("error", (error) => done(127, error.message));
    child.on("close", (code) => done(code ?? 1));
  });
}

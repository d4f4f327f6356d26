#!/usr/bin/env node
import { failureOf, failureOfRefusals, failureText, type Failure } from "./cli/failure-text.ts";
import { type Interruption, interruptedBy } from "./cli/interruption.ts";
import { runProgram, wantedFormat } from "./cli/program.ts";
import { resultText } from "./cli/result.ts";
import { exitClass } from "./errors/exit-classes.ts";
import { wire } from "./wire.ts";

/** Handles that do not close must not keep a finished process alive. */
const LINGER_MS = 2000;

const argv = process.argv.slice(2);
const say = (text: string) => void process.stderr.write(`${text}\n`);
const { surroundings, stillOpen } = wire(process, () => interruption.signal);
const interruption = interruptedBy(process, say, stillOpen);
survive(interruption);
process.exitCode = await run(interruption);
setTimeout(() => process.exit(), LINGER_MS).unref();

/** Returns the exit status. The only place where results, refusals and errors become text. */
async function run({ signal }: Interruption): Promise<number> {
  try {
    const { result, globals, printed } = await runProgram(argv, surroundings);
    process.stdout.write(printed);
    if (result === undefined) return exitClass.done;
    if (!result.ok) return fail(failureOfRefusals(result.refusals), signal);
    process.stdout.write(resultText(result, globals.output));
    return signal.aborted && result.exit !== undefined
      ? exitClass.interrupted
      : (result.exit ?? exitClass.done);
  } catch (error) {
    return fail(failureOf(error), signal);
  }
}

function fail(failure: Failure, signal: AbortSignal): number {
  const exit = signal.aborted ? exitClass.interrupted : failure.exit;
  process.stderr.write(failureText({ ...failure, exit }, wantedFormat(argv)));
  return exit;
}

/** A reader that went away (`umbra … | head`) or a stray rejection must not end the process inside backup mode. */
function survive({ stop }: Interruption): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  const stray = (error: unknown) => {
    process.stderr.write(failureText(failureOf(error), wantedFormat(argv)));
    stop("a bug in umbra");
  };
  process.on("uncaughtException", stray);
  process.on("unhandledRejection", stray);
}

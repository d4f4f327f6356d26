#!/usr/bin/env node
import { statusAfterStop } from "./cli/exit-status.ts";
import { failureOf, failureOfRefusals, failureText, type Failure } from "./cli/failure-text.ts";
import { type Interruption, interruptedBy } from "./cli/interruption.ts";
import { runProgram, wantedFormat } from "./cli/program.ts";
import { resultText } from "./cli/result.ts";
import { exitClass } from "./errors/exit-classes.ts";
import { isUmbraError, UmbraError } from "./errors/umbra-error.ts";
import { wire } from "./wire.ts";

/** Handles that do not close must not keep a finished process alive. */
const LINGER_MS = 2000;

const argv = process.argv.slice(2);
const say = (text: string) => void process.stderr.write(`${text}\n`);
const { surroundings, stillOpen } = wire(process, () => interruption.signal);
const interruption = interruptedBy(process, say, stillOpen);
/** True after an error outside of any command. */
let strayed = false;
survive(interruption);
const status = await run(interruption);
process.exitCode = strayed && status !== exitClass.production ? exitClass.bug : status;
setTimeout(() => process.exit(), LINGER_MS).unref();

/** Returns the exit status. The only place where results, refusals and errors become text. */
async function run({ signal }: Interruption): Promise<number> {
  try {
    const { result, globals, printed } = await runProgram(argv, surroundings);
    process.stdout.write(printed);
    if (result === undefined) return exitClass.done;
    if (!result.ok) return fail(failureOfRefusals(result.refusals), signal);
    process.stdout.write(resultText(result, globals.output));
    const exit = result.exit ?? exitClass.done;
    return signal.aborted ? statusAfterStop(exit) : exit;
  } catch (error) {
    // Waits and calls that were left at once end with the signal's own reason.
    return fail(failureOf(isStop(error, signal) ? stopped(signal) : error), signal);
  }
}

function isStop(error: unknown, { aborted, reason }: AbortSignal): boolean {
  return aborted && error === reason;
}

function stopped({ reason }: AbortSignal): UmbraError {
  if (isUmbraError(reason)) return reason;
  return new UmbraError("UMB-13001", { reason: reason instanceof Error ? reason.message : String(reason) });
}

function fail(failure: Failure, signal: AbortSignal): number {
  const exit = signal.aborted ? statusAfterStop(failure.exit) : failure.exit;
  process.stderr.write(failureText({ ...failure, exit }, wantedFormat(argv)));
  return exit;
}

/** A reader that went away (`umbra … | head`) or a stray rejection must not end the process inside backup mode. */
function survive({ stop }: Interruption): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  const stray = (error: unknown) => {
    strayed = true;
    process.stderr.write(failureText(failureOf(error), wantedFormat(argv)));
    stop("a bug in umbra");
  };
  process.on("uncaughtException", stray);
  process.on("unhandledRejection", stray);
}

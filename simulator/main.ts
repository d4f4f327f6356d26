import { answerControl, isControlRequest } from "./doors/control-protocol.ts";
import { type RunningProgram, startProgram } from "./doors/program.ts";
import { type ProgramOptions, programUsage, readProgramOptions } from "./doors/program-options.ts";

/** Longest wait for a clean end: who asked for it does not wait for ever. */
const GOODBYE_MS = 2_000;

function optionsOrUsage(): ProgramOptions | undefined {
  try {
    return readProgramOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${programUsage}`);
    return undefined;
  }
}

function serveParent(program: RunningProgram): void {
  process.on("message", (message) => {
    if (!isControlRequest(message)) return;
    void answerControl(program.control, message).then((reply) => process.send?.(reply));
  });
}

/** Ends the process as a crash of the host would: SIGTERM, SIGINT and the loss of the parent. */
function endWith(program: RunningProgram): void {
  const end = () => {
    setTimeout(() => process.exit(1), GOODBYE_MS).unref();
    program.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, end);
  if (process.send !== undefined) process.once("disconnect", end);
}

const asked = process.argv.includes("--help") || process.argv.includes("-h");
const options = asked ? undefined : optionsOrUsage();
if (asked) console.log(programUsage);
else if (options === undefined) process.exitCode = 2;
else {
  const program = await startProgram(options);
  endWith(program);
  serveParent(program);
  console.log(JSON.stringify(program.ready));
}

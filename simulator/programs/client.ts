import { createConnection } from "node:net";
import { createInterface } from "node:readline";

import { environmentNames, type FromProgram, type ProgramName, type ToProgram } from "./door-protocol.ts";

/** The real programs say ORA-12547 where the server's process cannot be reached. */
const NO_HOST = "ORA-12547: TNS:lost contact\nthe simulated host is not running\n";

/**
 * The process behind a program of the simulated ORACLE_HOME: `node client.ts PROGRAM SOCKET ARGUMENT…`. It carries input
 * and output; the work is done by the process of the simulator, as a real instance does it outside of sqlplus.
 */
function main([program = "", socket = "", ...argv]: readonly string[]): void {
  const door = createConnection(socket);
  const send = (message: FromProgram) => door.write(`${JSON.stringify(message)}\n`);
  const env = Object.fromEntries(
    environmentNames.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  send({ kind: "start", program: program as ProgramName, argv, env });
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", (text: string) => send({ kind: "input", text }));
  process.stdin.on("end", () => send({ kind: "end" }));
  let code: number | undefined;
  const messages = createInterface(door);
  messages.on("error", () => undefined);
  messages.on("line", (line) => {
    const message = JSON.parse(line) as ToProgram;
    if (message.kind === "output") process.stdout.write(message.text);
    else code = message.code;
  });
  door.on("error", () => undefined);
  door.on("close", () => {
    if (code === undefined) process.stdout.write(NO_HOST);
    process.exitCode = code ?? 1;
    process.stdin.destroy();
  });
  // Who reads our output may have gone.
  process.stdout.on("error", () => door.destroy());
}

main(process.argv.slice(2));

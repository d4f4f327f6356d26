import { UmbraError } from "../../errors/umbra-error.ts";
import type { InstanceState, StartupRequest } from "../../ports/instance.ts";

/** STARTUP of an instance that is down. */
export function startupCommand(request: StartupRequest): string {
  const { to, pfile } = request;
  const words = ["startup"];
  if (request.restricted === true) words.push("restrict");
  if (pfile !== undefined) words.push(`pfile='${quotable(pfile)}'`);
  words.push(to);
  if (to === "open" && request.readOnly === true) words.push("read only");
  return words.join(" ");
}

/** The line that STARTUP prints when it has done what was wanted. */
export function wantedLine({ to }: StartupRequest): string {
  if (to === "nomount") return "ORACLE instance started.";
  return to === "mount" ? "Database mounted." : "Database opened.";
}

/** From NOMOUNT or MOUNT upwards, where STARTUP is refused with ORA-01081. */
export function startupStatements(request: StartupRequest, from: InstanceState): readonly string[] {
  const statements: string[] = [];
  if (from === "nomount") statements.push("alter database mount;");
  if (request.to === "open")
    statements.push(`alter database open${request.readOnly === true ? " read only" : ""};`);
  return statements;
}

/** SQL*Plus has no way to write a quote or the end of a line inside a file name. */
function quotable(path: string): string {
  if (!/['"\n\r]/u.test(path)) return path;
  throw new UmbraError("UMB-5309", {
    program: "sqlplus",
    action: "startup",
    ora: null,
    message: "the path of the parameter file holds a quote or the end of a line",
    lost: false,
  });
}

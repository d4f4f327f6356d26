import { join } from "node:path";

/** Programs that a simulated ORACLE_HOME holds and the simulator's process runs. */
export type ProgramName = "lsnrctl" | "rman" | "sqlplus" | "srvctl" | "sysresv";

/** What a program of the simulated ORACLE_HOME sends, one JSON text a line. Without `end` its process has died. */
export type FromProgram =
  | {
      readonly kind: "start";
      readonly program: ProgramName;
      readonly argv: readonly string[];
      readonly env: ProgramEnvironment;
    }
  | { readonly kind: "input"; readonly text: string }
  | { readonly kind: "end" };

/** What it is sent. */
export type ToProgram =
  | { readonly kind: "output"; readonly text: string }
  | { readonly kind: "exit"; readonly code: number };

/** Only what the real programs look at. */
export const environmentNames = ["ORACLE_HOME", "ORACLE_SID", "NLS_LANG", "NLS_DATE_FORMAT"] as const;
export type ProgramEnvironment = Readonly<Partial<Record<(typeof environmentNames)[number], string>>>;

/** The control door of a simulated host: a Unix socket that only its owner may use. */
export function programSocket(base: string): string {
  return join(base, "programs.sock");
}

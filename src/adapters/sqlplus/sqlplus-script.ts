import { SCRIPT_END } from "./oracle-messages.ts";

/** EXIT code for an error of the operating system, to tell it from the program's own 1. */
const OS_ERROR = 68;

const settings = [
  "set heading off feedback off pagesize 0 linesize 32767 trimout on tab off wrap off",
  "set echo off verify off define off timing off time off serveroutput off",
  `whenever oserror exit ${OS_ERROR} rollback`,
  // The code of the error is in the output: as an exit code it would lose its upper bits.
  "whenever sqlerror exit failure rollback",
];

/** A script for standard input. Statements bring their own `;`. */
export function script(commands: readonly string[]): string {
  return `${[...settings, ...commands, `prompt ${SCRIPT_END}`, "exit"].join("\n")}\n`;
}

export function reachedEnd(text: string): boolean {
  return text.split("\n").some((line) => line.trim() === SCRIPT_END);
}

/** True where the program printed exactly this line. */
export function says(text: string, line: string): boolean {
  return text.split("\n").some((candidate) => candidate.trim() === line);
}

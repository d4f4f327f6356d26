/** Printed after the last command: without it the script did not come to its end. */
export const SCRIPT_END = "UMBRA-END";

/** Enough to see what happened, little enough for one line of a log. */
const MOST_LINES = 12;
const MOST_CHARACTERS = 1_500;

/** Numbers of the ORA- codes at the start of a line, in order. */
export function oraCodes(text: string): readonly number[] {
  return Array.from(text.matchAll(/^\s*ORA-(\d{5}):/gmu), ([, digits]) => Number(digits));
}

/** Output of a program as the text of an error: its own lines that say something, not more than can be read. */
export function excerpt(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== SCRIPT_END);
  const shown = lines.slice(0, MOST_LINES).join("; ").slice(0, MOST_CHARACTERS);
  return shown === "" ? "no output" : shown;
}

import { InvalidArgumentError } from "commander";

/** The value of `--parallel`. */
export function parallelCopies(text: string): number {
  const count = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > 64) throw new InvalidArgumentError("It must be a whole number from 1 to 64.");
  return count;
}

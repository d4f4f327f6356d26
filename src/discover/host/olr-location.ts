import type { FilePath } from "../../domain/names.ts";
import { withoutSlash } from "../../domain/oracle-command.ts";

/** `crs_home` in olr.loc: the home of Grid Infrastructure or Oracle Restart. undefined where it is not told. */
export function parseOlrLocation(text: string): FilePath | undefined {
  const home = /^\s*crs_home\s*=\s*(\/.*?)\s*$/mu.exec(text)?.[1];
  return home === undefined ? undefined : withoutSlash(home);
}

import type { FilePath } from "./names.ts";

/**
 * Command line of a program of an ORACLE_HOME. The language is fixed, and everything taken out of the environment that
 * would lead to another database (TWO_TASK) or run other people's scripts (SQLPATH).
 */
export function oracleCommand(
  home: string,
  program: string,
  environment: Readonly<Record<string, string>> = {},
): readonly string[] {
  const oracleHome = withoutSlash(home);
  const all = {
    ...environment,
    ORACLE_HOME: oracleHome,
    NLS_LANG: "AMERICAN_AMERICA.AL32UTF8",
    LANG: "C",
    LC_ALL: "C",
    TWO_TASK: "",
    SQLPATH: "",
    ORACLE_PATH: "",
  };
  const settings = Object.entries(all).map(([name, value]) => `${name}=${value}`);
  return ["/usr/bin/env", ...settings, `${oracleHome}/bin/${program}`];
}

/** Homes are compared as text, and one with a slash at its end would name the shared memory of another instance. */
export function withoutSlash(home: string): FilePath {
  return (home.replace(/(?<=.)\/+$/u, "") || home) as FilePath;
}

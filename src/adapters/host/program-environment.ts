/**
 * What a program needs of the environment of a login. Nothing else is handed on: a password that umbra was given in a
 * variable, or systemd's variables of its unit, would be seen in every process of an instance that sqlplus starts, for as
 * long as that lives.
 */
const LOGIN = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TZ", "LANG", "LANGUAGE"];
const ORACLE = ["ORACLE_BASE", "TNS_ADMIN", "ORA_TZFILE", "ORA_NLS10", "LD_LIBRARY_PATH"];
const NEEDED = new Set(LOGIN.concat(ORACLE));

export function programEnvironment(
  own: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(own).filter(([name]) => NEEDED.has(name) || name.startsWith("LC_")),
  );
}

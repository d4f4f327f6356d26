/** Five numbers: 19.21.0.0.0. */
const VERSION = /\b(\d{1,2}\.\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,10})\b/u;

/** What `oraversion -compositeVersion` (18c and later) prints. */
export function parseOraversion(text: string): string | undefined {
  const line = text.trim();
  return new RegExp(`^${VERSION.source}$`, "u").exec(line)?.[1];
}

/** What `sqlplus -V` prints: since 18c a second line tells the release update. */
export function parseSqlplusVersion(text: string): string | undefined {
  const full = new RegExp(`^Version ${VERSION.source}`, "mu").exec(text)?.[1];
  return full ?? new RegExp(`^SQL\\*Plus: Release ${VERSION.source}`, "mu").exec(text)?.[1];
}

/** Names of the groups that the home was linked with, from rdbms/lib/config.c. */
export interface HomeGroups {
  readonly dba: string | undefined;
  readonly backup: string | undefined;
}

export function parseHomeGroups(text: string): HomeGroups {
  const group = (name: string) =>
    new RegExp(`^\\s*#\\s*define\\s+SS_${name}_GRP\\s+"([^"\\s]+)"`, "mu").exec(text)?.[1];
  return { dba: group("DBA"), backup: group("BKP") };
}

import type { FilePath } from "../../domain/names.ts";
import { withoutSlash } from "../../domain/oracle-command.ts";

/** What clusterware or Oracle Restart has registered of a database. */
export interface ClusterDatabase {
  readonly uniqueName: string;
  readonly databaseName: string | undefined;
  readonly home: FilePath | undefined;
  /** SINGLE, RAC, RACOneNode; undefined in the words of older versions. */
  readonly type: string | undefined;
  /** PRIMARY, PHYSICAL_STANDBY …, as it was registered: the database itself knows better. */
  readonly role: string | undefined;
  readonly instances: readonly string[];
  readonly nodes: readonly string[];
  readonly spfile: string | undefined;
  readonly diskGroups: readonly string[];
  readonly domain: string | undefined;
}

const NAME = /^[A-Za-z_][\w$#-]{0,62}$/u;

/** What `srvctl config database` prints: a DB_UNIQUE_NAME on each line, with home and version behind it where -v was given. */
export function parseClusterNames(text: string): readonly string[] {
  const names = text.split("\n").flatMap((line) => {
    const [first = "", second, ...more] = line.trim().split(/\s+/u);
    const alone = second === undefined || (second.startsWith("/") && more.length <= 1);
    return NAME.test(first) && alone ? [first] : [];
  });
  return [...new Set(names)];
}

/** What `srvctl config database -d NAME` prints, in the words of 11.2 to 23ai; undefined where it names no database. */
export function parseClusterDatabase(text: string): ClusterDatabase | undefined {
  const settings = new Map<string, string>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    const key = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (value !== "" && !settings.has(key)) settings.set(key, value);
  }
  const uniqueName = settings.get("database unique name");
  if (uniqueName === undefined) return undefined;
  const home = settings.get("oracle home");
  const list = (...keys: readonly string[]) =>
    keys
      .flatMap((key) => settings.get(key)?.split(",") ?? [])
      .map((one) => one.trim())
      .filter((one) => one !== "");
  return {
    uniqueName,
    databaseName: settings.get("database name"),
    home: home?.startsWith("/") === true ? withoutSlash(home) : undefined,
    type: settings.get("type"),
    role: settings.get("database role"),
    instances: list("database instances", "database instance"),
    nodes: list("configured nodes"),
    spfile: settings.get("spfile"),
    diskGroups: list("disk groups"),
    domain: settings.get("domain"),
  };
}

/** The home that srvctl says to use instead, for a database of another version (PRCD-1229). */
export function otherSrvctlHome(text: string): FilePath | undefined {
  const home = /PRCD-1229[\s\S]*?run the program from (\/\S+?)[.\s]*$/mu.exec(text)?.[1];
  return home === undefined ? undefined : withoutSlash(home.replace(/\.$/u, ""));
}

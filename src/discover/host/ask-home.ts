import type { FilePath } from "../../domain/names.ts";
import { oracleCommand } from "../../domain/oracle-command.ts";
import type { Known } from "./found.ts";
import type { HostLook } from "./host-look.ts";
import { type HomeGroups, parseHomeGroups, parseOraversion, parseSqlplusVersion } from "./home-version.ts";

export interface HomeAnswer {
  /** Why no database runs from it; undefined where one may. */
  readonly dead?: string;
  readonly version?: Known<string>;
  readonly groups: HomeGroups;
}

const NO_GROUPS: HomeGroups = { dba: undefined, backup: undefined };

/**
 * A home by what its own programs say. The inventory of the installer is not asked: since 18c it tells the base release
 * and, as the active version, a number of the series before.
 */
export async function askHome(look: HostLook, home: FilePath): Promise<HomeAnswer> {
  const kind = await look.kindOf(home);
  if (kind === "absent") return { dead: `its home ${home} does not exist`, groups: NO_GROUPS };
  if (kind === "file" || kind === "other") return { dead: `${home} is no directory`, groups: NO_GROUPS };
  if ((await look.kindOf(`${home}/bin/sqlplus` as FilePath)) === "absent")
    return { dead: `${home} holds no database software`, groups: NO_GROUPS };
  const version = await askVersion(look, home);
  const config = await look.readText(`${home}/rdbms/lib/config.c` as FilePath);
  return { ...(version === undefined ? {} : { version }), groups: parseHomeGroups(config ?? "") };
}

async function askVersion(look: HostLook, home: FilePath): Promise<Known<string> | undefined> {
  const told = await look.run([...oracleCommand(home, "oraversion"), "-compositeVersion"]);
  const own = parseOraversion(told?.text ?? "");
  if (own !== undefined) return { value: own, from: "oraversion" };
  const printed = await look.run([...oracleCommand(home, "sqlplus"), "-V"]);
  const client = parseSqlplusVersion(printed?.text ?? "");
  return client === undefined ? undefined : { value: client, from: "sqlplus -V" };
}

import type { FilePath } from "../domain/names.ts";
import { withoutSlash } from "../domain/oracle-command.ts";
import { pmonOf } from "../domain/pmon.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import type { Host, HostOptions } from "../ports/host.ts";
import type { World } from "./world.ts";

const MOST_OUTPUT = 16 * 1_048_576;
const LOCKS = "/proc/locks" as FilePath;
/** Of /proc/locks, which tells no size. */
const MOST_LOCKS = 4 * 1_048_576;
const ENVIRONMENT_BYTES = 262_144;

interface Place {
  readonly oracleHome: FilePath;
  readonly uniqueName: string;
  /** SIDs that instances of this database have on its host. */
  readonly sids: readonly string[];
}

/**
 * What the operating system shows of a running instance (rule 23): its PMON, and the lock of lkDB_UNIQUE_NAME in dbs. Empty
 * where there is nothing, and where it cannot be seen: another system than Linux, no programs, no known ORACLE_HOME.
 */
export async function instanceSigns(
  { database, databaseHost: host, signal }: World,
  instances: readonly { readonly name: string }[],
  uniqueName: string,
): Promise<readonly string[]> {
  const { instance } = database;
  if (instance === undefined || !("oracleHome" in instance)) return [];
  const named = instance.by === "sqlplus" ? [instance.sid] : [];
  const sids = [...new Set([...named, ...instances.map(({ name }) => name)])];
  const place: Place = { oracleHome: instance.oracleHome, uniqueName, sids };
  const options = { deadlineMs: database.deadlines.statementMs, signal };
  const found = await Promise.all([
    seen(() => backgroundProcesses(host, place, options)),
    seen(() => mountLocks(host, place, options)),
  ]);
  return found.flat();
}

/** A host that cannot be asked shows nothing; `status` of the instance has been asked before. */
async function seen(look: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await look();
  } catch (error) {
    if (isUmbraError(error) && error.code.startsWith("UMB-7")) return [];
    throw error;
  }
}

async function backgroundProcesses(
  host: Host,
  place: Place,
  options: HostOptions,
): Promise<readonly string[]> {
  const argv = ["ps", "-e", "-o", "pid=", "-o", "args="];
  const { stdout } = await host.run(argv, { ...options, maxOutputBytes: MOST_OUTPUT });
  const found: string[] = [];
  for (const line of stdout.toString("utf8").split("\n")) {
    const [, pid = "", name = ""] = /^\s*(\d+)\s+(\S+)\s*$/.exec(line) ?? [];
    const pmon = pmonOf(name);
    if (pmon === undefined || !place.sids.includes(pmon.sid)) continue;
    if (await mayBeOf(host, pid, place, options)) found.push(`process ${pid} is ${name}`);
  }
  return found;
}

/** The same SID may run from another ORACLE_HOME. Where its environment cannot be read it counts as this one. */
async function mayBeOf(host: Host, pid: string, place: Place, options: HostOptions): Promise<boolean> {
  try {
    const path = `/proc/${pid}/environ` as FilePath;
    const text = await host.read(path, { offset: 0, length: ENVIRONMENT_BYTES }, options);
    const home = /(?:^|\0)ORACLE_HOME=([^\0]*)/.exec(text.toString("utf8"))?.[1];
    return home === undefined || withoutSlash(home) === withoutSlash(place.oracleHome);
  } catch (error) {
    if (isUmbraError(error)) return true;
    throw error;
  }
}

async function mountLocks(host: Host, place: Place, options: HostOptions): Promise<readonly string[]> {
  const path = `${place.oracleHome}/dbs/lk${place.uniqueName.toUpperCase()}`;
  const argv = ["stat", "-L", "-c", "%D %i", "--", path];
  const { status, stdout } = await host.run(argv, { ...options, maxOutputBytes: MOST_OUTPUT });
  const [, device = "", inode = ""] = /^([0-9a-f]+) (\d+)\s*$/.exec(stdout.toString("utf8")) ?? [];
  if (status !== 0 || inode === "") return [];
  const locks = await host.read(LOCKS, { offset: 0, length: MOST_LOCKS }, options);
  const wanted = `${deviceText(BigInt(`0x${device}`))}:${inode}`;
  return locks
    .toString("utf8")
    .split("\n")
    .flatMap((line) => {
      const [, pid = "", at = ""] = / WRITE +(-?\d+) +(\S+) /.exec(line) ?? [];
      return at === wanted ? [`process ${pid} holds the lock of ${path}`] : [];
    });
}

/** `08:01`, as /proc/locks writes it, from st_dev of Linux. */
function deviceText(device: bigint): string {
  const major = (device >> 8n) & 0xf_ffn;
  const minor = (device & 0xffn) | ((device >> 12n) & 0xf_ff00n);
  const hex = (value: bigint) => value.toString(16).padStart(2, "0");
  return `${hex(major)}:${hex(minor)}`;
}

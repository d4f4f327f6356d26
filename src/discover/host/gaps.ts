import { formatBytes } from "../../domain/human.ts";
import type { Account, FoundDatabase, Gap } from "./found.ts";

/** What the gaps of a database also depend on. */
export interface GapSurroundings {
  readonly account: Account | undefined;
  /** OSBACKUPDBA and OSDBA of its home, where they could be read. */
  readonly groups: { readonly dba: string | undefined; readonly backup: string | undefined };
  /** Reached over ssh, and umbra does not answer there. */
  readonly withoutUmbra: boolean;
  /** ORA- codes with which sqlplus ended; empty where it was not asked. */
  readonly codes: readonly number[];
}

type Found = Omit<FoundDatabase, "gaps">;
const BOTH = ["hot", "cold"] as const;

/** What is missing to back the database up; the gravest first. Empty where nothing is known to be missing. */
export function gapsOf(found: Found, around: GapSurroundings): readonly Gap[] {
  if (found.kind !== "database" || found.dead !== undefined) return [];
  const gaps = [
    ...filesGaps(found),
    ...modeGaps(found),
    ...reachGaps(found, around),
    ...serviceGaps(found),
    ...hostGaps(found, around),
  ];
  return gaps.toSorted((a, b) => b.stops.length - a.stops.length);
}

function filesGaps({ files }: Found): readonly Gap[] {
  const inAsm = files?.value.inAsm ?? 0;
  if (files === undefined || inAsm === 0) return [];
  const { count, bytes } = files.value;
  const todo = "umbra copies files of a file system only: back this database up with RMAN";
  return [
    {
      stops: BOTH,
      seen: `${inAsm} of its ${count} datafiles (${formatBytes(bytes)}) are in ASM`,
      todo,
      rule: 14,
    },
  ];
}

function modeGaps({ logMode, role }: Found): readonly Gap[] {
  const gaps: Gap[] = [];
  if (logMode?.value === "NOARCHIVELOG")
    gaps.push({
      stops: ["hot"],
      seen: "it runs in NOARCHIVELOG mode",
      todo: "make cold backups only, or: shut down, start up in MOUNT, ALTER DATABASE ARCHIVELOG, open",
      rule: 3,
    });
  if (role !== undefined && role.value !== "PRIMARY" && role.from !== "clusterware")
    gaps.push({
      stops: ["hot"],
      seen: `its role is ${role.value}`,
      todo: "back up the primary: backup mode is not to be had on a standby",
      rule: 110,
    });
  return gaps;
}

function reachGaps(found: Found, around: GapSurroundings): readonly Gap[] {
  const { home, sid, privilege, state } = found;
  if (home === undefined)
    return [
      { stops: ["cold"], seen: "its home is not known", todo: "add it to oratab, or log in as its owner" },
    ];
  if (sid === undefined)
    return [
      {
        stops: [],
        seen: "none of its instances runs on this host, so it could not be asked",
        todo: "run umbra discover on a host where it runs, or use srvctl with its unique name",
      },
    ];
  if (privilege === undefined) return [accessGap(found, around)];
  if (state === undefined || state.value === "open" || state.value === "mounted") return [];
  return [
    {
      stops: ["hot"],
      seen: `its instance is ${state.value === "down" ? "down" : `${state.value}, not mounted`}: DBID, role and archive mode are not known`,
      todo: "start it up, then run umbra discover again",
    },
  ];
}

function accessGap({ home }: Found, { account, groups, codes }: GapSurroundings): Gap {
  const user = account?.user ?? "this account";
  const group = groups.backup ?? groups.dba ?? "the home's OSBACKUPDBA group";
  const belongs = account !== undefined && account.groups.includes(group);
  return {
    stops: ["cold"],
    seen: `${user} is not let in with sqlplus / as sysbackup, nor as sysdba${codesText(codes)}`,
    todo: belongs
      ? `${user} is in ${group} already: look with that account why sqlplus of ${home?.value ?? "its home"} refuses it`
      : `put ${user} into ${group} (usermod -aG), or let umbra run programs there as the owner of the home (become)`,
  };
}

function codesText(codes: readonly number[]): string {
  const names = [...new Set(codes)].map((code) => `ORA-${String(code).padStart(5, "0")}`);
  return names.length === 0 ? "" : ` (${names.join(", ")})`;
}

function serviceGaps({ services, sid, clusterType }: Found): readonly Gap[] {
  if (services.length === 0)
    return [
      {
        stops: BOTH,
        seen: "no listener of this host is seen to serve it",
        todo: "start the listener, or write the connect string by hand where it listens elsewhere",
      },
    ];
  if (clusterType === "RAC" || services.some(({ status }) => status === "UNKNOWN")) return [];
  return [
    {
      stops: ["cold"],
      seen: "no service of it is registered statically: nobody can connect while it is mounted (ORA-12528)",
      todo: `add a SID_DESC with SID_NAME=${sid?.value ?? "SID"} to SID_LIST of its listener in listener.ora, then lsnrctl reload`,
    },
  ];
}

function hostGaps({ conflicts }: Found, { withoutUmbra }: GapSurroundings): readonly Gap[] {
  const gaps: Gap[] = conflicts.map((seen) => ({
    stops: [],
    seen,
    todo: "put oratab right, or the registration in clusterware",
  }));
  if (withoutUmbra)
    gaps.push({
      stops: [],
      seen: "umbra does not answer on its host",
      todo: "install umbra there, so that copies are made and checked where the data is",
    });
  return gaps;
}

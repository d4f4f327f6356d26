import type { FilePath } from "../../domain/names.ts";
import type { InstanceKind } from "../../domain/pmon.ts";
import type { ListenerEndpoint } from "./listener-status.ts";

/** A fact and who told it: `/etc/oratab:5`, `process 1181`, `clusterware`, `the instance`. */
export interface Known<T> {
  readonly value: T;
  readonly from: string;
}

/** A service through which a listener leads to the instance. */
export interface FoundService {
  readonly service: string;
  /** UNKNOWN is a static registration: the only one that leads to an instance that is not open. */
  readonly status: string;
  readonly listener: string;
  readonly endpoint: ListenerEndpoint | undefined;
}

/** Something that stands in the way of a backup, or is worth knowing before the first one. */
export interface Gap {
  /** Backups that are refused because of it; empty where it is only worth knowing. */
  readonly stops: readonly ("hot" | "cold")[];
  readonly seen: string;
  readonly todo: string;
  /** Number in the rules of Oracle backup. */
  readonly rule?: number;
}

/** What several sources know together of one database, before its home and its instance were asked. */
export interface Candidate {
  /** Only a `database` can be backed up; the others belong to Grid Infrastructure. */
  readonly kind: InstanceKind;
  /** Every source that knows of it. */
  readonly seenIn: readonly string[];
  readonly home?: Known<FilePath>;
  /** Of the instance on this host. */
  readonly sid?: Known<string>;
  readonly uniqueName?: Known<string>;
  readonly databaseName?: Known<string>;
  readonly role?: Known<string>;
  /** Of all hosts, where clusterware knows them. */
  readonly instances: readonly string[];
  readonly clusterType?: string;
  /** A PMON process of it runs on this host. */
  readonly runs: boolean;
  readonly services: readonly FoundService[];
  /** Sentences where sources contradict each other. */
  readonly conflicts: readonly string[];
}

export interface FoundDatabase extends Candidate {
  /** Why there is no database behind the entry; undefined where there is one, as far as can be seen. */
  readonly dead?: string;
  readonly state?: Known<"down" | "started" | "mounted" | "open" | "stopping">;
  readonly version?: Known<string>;
  readonly edition?: Known<string>;
  readonly dbid?: Known<string>;
  readonly logMode?: Known<string>;
  readonly openMode?: Known<string>;
  readonly cdb?: Known<boolean>;
  readonly clustered?: Known<boolean>;
  readonly files?: Known<{ readonly count: number; readonly inAsm: number; readonly bytes: number }>;
  /** With which privilege this account is let in without a password. */
  readonly privilege?: "sysbackup" | "sysdba";
  readonly gaps: readonly Gap[];
}

/** Something of the host itself that could not be looked at. */
export interface HostProblem {
  readonly seen: string;
  readonly todo: string;
}

export interface HostReport {
  /** As umbra calls it: `here`, the configured name, or the address. */
  readonly host: string;
  readonly account: Account | undefined;
  readonly gridHome?: Known<FilePath>;
  /** What umbra on the far side says of its version; undefined where there is none, or this is the host. */
  readonly umbra?: string;
  readonly databases: readonly FoundDatabase[];
  readonly problems: readonly HostProblem[];
}

export interface Account {
  readonly user: string;
  readonly groups: readonly string[];
}

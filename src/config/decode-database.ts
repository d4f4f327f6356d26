import type { ColdBackupConfig, DatabaseConfig, InstanceConfig, RefreshConfig } from "../domain/fleet.ts";
import type { DatabaseName, FilePath } from "../domain/names.ts";
import { decodeRetention } from "./decode-retention.ts";
import { secretReference } from "./decode-secret.ts";
import type { EffectiveDatabase } from "./schema.ts";

/** From the words of the file to those of the domain. */
export function decodeDatabase(
  name: string,
  settings: EffectiveDatabase,
  backupArea: FilePath,
): DatabaseConfig {
  const retention = decodeRetention(settings.retention);
  const { backup, deadlines } = settings;
  return {
    name: name as DatabaseName,
    ...(settings.dbid === undefined ? {} : { dbid: settings.dbid }),
    connect: {
      connectString: settings.connect,
      user: settings.user,
      privilege: settings.privilege,
      password: secretReference(settings.password),
    },
    ...(settings.host === undefined ? {} : { host: settings.host }),
    ...(settings.standbys === undefined
      ? {}
      : { standbys: settings.standbys.map((standby) => standby as DatabaseName) }),
    ...(settings.instance === undefined ? {} : { instance: instanceConfig(settings.instance) }),
    storage: settings.storage,
    backupArea,
    backup: { mode: backup.mode, parallel: backup.parallel, spareBytes: backup.spare },
    cold: coldConfig(settings.cold),
    refresh: refreshConfig(settings.refresh),
    ...(retention === undefined ? {} : { retention }),
    logs: {
      guard: settings.logs.guard,
      freeBytes: settings.logs.free,
      reopenMs: settings.logs.reopen,
      lagMs: settings.logs.lag,
    },
    deadlines: {
      connectMs: deadlines.connect,
      statementMs: deadlines.statement,
      beginBackupMs: deadlines["begin-backup"],
      shutdownMs: deadlines.shutdown,
      startupMs: deadlines.startup,
      archivedLogMs: deadlines["archived-log"],
      copyStallMs: deadlines["copy-stall"],
    },
  };
}

function refreshConfig(refresh: EffectiveDatabase["refresh"]): RefreshConfig {
  const { engine, find, parallel, snapshot, tag } = refresh;
  const sectionBytes = refresh["section-size"];
  return {
    engine,
    find,
    parallel,
    snapshot,
    ...(sectionBytes === undefined ? {} : { sectionBytes }),
    ...(tag === undefined ? {} : { tag }),
  };
}

function instanceConfig(instance: NonNullable<EffectiveDatabase["instance"]>): InstanceConfig {
  switch (instance.by) {
    case "sqlplus": {
      const { by, sid, privilege } = instance;
      return { by, oracleHome: instance["oracle-home"] as FilePath, sid, privilege };
    }
    case "srvctl": {
      const { by } = instance;
      return { by, oracleHome: instance["oracle-home"] as FilePath, uniqueName: instance["unique-name"] };
    }
    case "oracledb": {
      const { by, connect, privilege } = instance;
      return { by, privilege, ...(connect === undefined ? {} : { connectString: connect }) };
    }
  }
}

function coldConfig(cold: EffectiveDatabase["cold"]): ColdBackupConfig {
  const maxDowntimeMs = cold["max-downtime"];
  return {
    mode: cold.mode,
    shutdown: cold.shutdown,
    ...(maxDowntimeMs === undefined ? {} : { maxDowntimeMs }),
    onOverrun: cold["on-overrun"],
    abortWhenStuck: cold["abort-when-stuck"],
  };
}

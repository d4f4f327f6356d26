import type { DatabaseConfig, SecretReference } from "../domain/fleet.ts";
import type { DatabaseName, FilePath } from "../domain/names.ts";
import type { EffectiveDatabase } from "./schema.ts";

/** From the words of the file to those of the domain. */
export function decodeDatabase(
  name: string,
  settings: EffectiveDatabase,
  backupArea: FilePath,
): DatabaseConfig {
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
    storage: settings.storage,
    backupArea,
    backup: { mode: backup.mode, parallel: backup.parallel, spareBytes: backup.spare },
    cold: { mode: "auto", shutdown: "immediate", onOverrun: "stop-copy", abortWhenStuck: false },
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

function secretReference(password: EffectiveDatabase["password"]): SecretReference {
  if (password.credential !== undefined) return { from: "credential", name: password.credential };
  if (password.file !== undefined) return { from: "file", path: password.file as FilePath };
  if (password.env !== undefined) return { from: "env", variable: password.env };
  return { from: "exec", argv: password.exec ?? [] };
}

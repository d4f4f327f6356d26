import { z } from "zod";

import { storageSettings } from "../../storage-adapters/settings.ts";
import { coldSchema } from "./cold-schema.ts";
import { hostSchema, storageHost } from "./host-schema.ts";
import { instanceSchema } from "./instance-schema.ts";
import { logsSchema } from "./logs-schema.ts";
import { refreshSchema } from "./refresh-schema.ts";
import { retentionSchema } from "./retention-schema.ts";
import { passwordReference } from "./secret-schema.ts";
import { absolutePath, choice, duration, name, size, text } from "./value-schemas.ts";

const dbid = z
  .union([z.int().positive(), z.string().regex(/^\d{1,20}$/, { error: "must be a decimal number" })], {
    error: "must be a decimal number",
  })
  .transform(String)
  .describe("Expected DBID (select dbid from v$database): a connection to any other database is refused.");

/** How the database is reached. */
const connection = {
  connect: text.describe("Easy Connect (host:port/service) or a whole descriptor. Never with a password."),
  user: text.describe("Database user that is granted the privilege below."),
  privilege: choice(["sysbackup", "sysdba", "sysoper", "normal"]).describe(
    "How the user logs in; sysbackup is enough and is the default.",
  ),
  password: passwordReference,
};

const backup = z.strictObject({
  mode: choice(["per-tablespace", "database"]).describe(
    "One tablespace in backup mode at a time (less redo), or the whole database at once.",
  ),
  parallel: z
    .int({ error: "must be a whole number" })
    .min(1, { error: "must be at least 1" })
    .max(64, { error: "must be at most 64" })
    .describe("Datafiles copied at the same time."),
  spare: size.describe(
    "Free space wanted on the backup area beyond the predicted size of the backup, as in 10GiB.",
  ),
});

const deadlines = z.strictObject({
  connect: duration.describe("Until a connection to the database stands."),
  statement: duration.describe("Until an ordinary statement is answered."),
  "begin-backup": duration.describe("Until BEGIN BACKUP is answered: it checkpoints the files first."),
  shutdown: duration.describe("Until SHUTDOWN is done: it waits for rollback."),
  startup: duration.describe("Until STARTUP is done: it may have to recover the instance."),
  "archived-log": duration.describe("Until every redo thread's needed log is archived and present."),
  "copy-stall": duration.describe("Longest time without one more copied byte."),
});

const standbys = z.array(name, { error: "must be a list of databases" });

const databaseHost = name.describe(
  "Name of the host, from `hosts`, where the database's files are. Without it: this machine.",
);

/** What `defaults` and every database may say. */
const settings = {
  connect: connection.connect.optional(),
  user: connection.user.optional(),
  privilege: connection.privilege.optional(),
  password: connection.password.optional(),
  host: databaseHost.optional(),
  storage: name.optional().describe("Name of the storage, from `storages`, that holds the backup area."),
  backup: backup.partial().optional().describe("How a hot backup is made."),
  cold: coldSchema.partial().optional().describe("How a cold backup is made."),
  refresh: refreshSchema
    .partial()
    .optional()
    .describe("How the image copies of the live backup area are brought forward."),
  logs: logsSchema.partial().optional().describe("How archived logs come into the live backup area."),
  retention: retentionSchema
    .partial()
    .optional()
    .describe("Which backups and snapshots stay. Without it nothing is ever removed."),
  deadlines: deadlines.partial().optional().describe("Longest waits, each with its unit: 30s, 10m, 2h."),
};

/** What only one database can say: never inherited. A SID taken over from another database would stop that one. */
const identity = {
  dbid: dbid.optional(),
  instance: instanceSchema
    .optional()
    .describe("How its instance is stopped and started. Without it there is no cold backup."),
  standbys: standbys
    .optional()
    .describe(
      "Other databases of this configuration that are standbys of this one, in the order in which they are asked: " +
        "`umbra logs backfill` takes archived logs from them that are nowhere else.",
    ),
  "backup-area": absolutePath
    .optional()
    .describe("Directory of this database's backups. Default: the storage's path and the database's name."),
};
export const IDENTITY_KEYS: readonly string[] = [...Object.keys(identity), "like"];

export const storageSchema = z.strictObject({
  path: absolutePath.describe("Directory that the agent's user owns."),
  host: storageHost.optional(),
  snapshots: storageSettings
    .optional()
    .describe(
      "What takes snapshots of what lies below the path. Its program runs on the storage's host, or where that is not " +
        "said on each database's.",
    ),
});

const oracleClientSchema = z.strictObject({
  "lib-dir": absolutePath.describe("Directory of the Oracle Client libraries."),
  "config-dir": absolutePath.optional().describe("Directory of sqlnet.ora and tnsnames.ora."),
});

/** One configuration file as it may be written. Order of the databases is the order in the file. */
export const fileSchema = z.strictObject({
  include: z
    .array(text, { error: "must be a list of paths" })
    .optional()
    .describe("More files, relative to this one. They may hold hosts, storages, databases and include."),
  state: absolutePath
    .optional()
    .describe("Directory of umbra's own journal and catalog. Default: /var/lib/umbra."),
  agent: z
    .string({ error: "must be a text" })
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
      error: "must be a name as hosts have: letters, digits, `.`, `_` or `-`, at most 64",
    })
    .optional()
    .describe(
      "Name of this installation of umbra in the tags of the snapshots that it takes. Only they are its own. Default: " +
        "the host's name when it took its first one.",
    ),
  "oracle-client": oracleClientSchema
    .optional()
    .describe("Thick mode of the driver, through Oracle's own client. Never tried with a real client."),
  defaults: z
    .strictObject(settings)
    .optional()
    .describe("Settings that every database has unless it says otherwise."),
  hosts: z
    .record(name, hostSchema)
    .optional()
    .describe("Machines that are reached over ssh. This one is not among them."),
  storages: z.record(name, storageSchema).optional(),
  databases: z
    .record(
      name,
      z.strictObject({
        like: name.optional().describe("Another database whose settings are taken first."),
        ...settings,
        ...identity,
      }),
    )
    .optional(),
});

/** One database after inheritance: nothing may be missing. */
export const effectiveSchema = z.strictObject({
  ...identity,
  ...connection,
  host: databaseHost.optional(),
  storage: name,
  backup,
  cold: coldSchema,
  logs: logsSchema,
  refresh: refreshSchema,
  retention: retentionSchema,
  deadlines,
});
/** The settings that the rules between the parts look at, one by one. */
export const settingSchemas = {
  dbid,
  host: name,
  storage: name,
  backupArea: absolutePath,
  connectString: text,
  standbys,
  instance: instanceSchema,
};
export type EffectiveDatabase = z.output<typeof effectiveSchema>;

/** What holds where nobody says anything. */
export const builtIn = {
  privilege: "sysbackup",
  backup: { mode: "per-tablespace", parallel: 2, spare: "1GiB" },
  cold: { mode: "auto", shutdown: "immediate", "on-overrun": "stop-copy", "abort-when-stuck": false },
  refresh: { engine: "blocks", find: "compare", parallel: 2, snapshot: "before" },
  logs: { guard: "warn", free: "5GiB", reopen: "60s", lag: "15m" },
  retention: {
    zone: "UTC",
    "minimum-good": 2,
    "minimum-proven": 1,
    protect: "14d",
    grace: "2d",
    "after-refresh": false,
  },
  deadlines: {
    connect: "30s",
    statement: "2m",
    "begin-backup": "30m",
    shutdown: "30m",
    startup: "30m",
    "archived-log": "30m",
    "copy-stall": "2m",
  },
} as const;
export const DEFAULT_STATE_DIRECTORY = "/var/lib/umbra";

import { posix } from "node:path";

import { z } from "zod";

import { DURATION_PATTERN, parseDuration } from "./duration.ts";
import { passwordReference } from "./secret-schema.ts";
import { parseSize, SIZE_PATTERN } from "./size.ts";

/** Node's timers hold no more than 2^31 ms; a deadline near that protects nobody. */
const MAX_DEADLINE_MS = 7 * 86_400_000;
/** Name of a database or storage: it becomes part of a path and of a command line. */
const NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

const name = z
  .string()
  .regex(NAME_PATTERN, { error: "must be a name: a letter, then letters, digits, _ or -, at most 64" });

const text = z
  .string({ error: "must be a text" })
  .min(1, { error: "must not be empty" })
  .refine((value) => !value.includes("\0"), { error: "must not hold a NUL character" });

const absolutePath = text
  .refine((value) => posix.isAbsolute(value), { error: "must be an absolute path" })
  .transform((value) => posix.normalize(value).replace(/(?<=.)\/$/, ""));

const duration = z
  .string({ error: "must have a unit: 30s, 10m, 2h" })
  .meta({ pattern: DURATION_PATTERN })
  .transform((value, context) => {
    const ms = parseDuration(value);
    const wrong =
      ms === undefined
        ? "must be a number with a unit: 30s, 10m, 2h"
        : ms < 1000 || ms > MAX_DEADLINE_MS
          ? "must be at least 1s and at most 7d"
          : undefined;
    if (wrong !== undefined) context.issues.push({ code: "custom", message: wrong, input: value });
    return ms ?? 0;
  });

const size = z
  .string({ error: "must have a unit: 500GiB" })
  .meta({ pattern: SIZE_PATTERN })
  .transform((value, context) => {
    const bytes = parseSize(value);
    if (bytes === undefined) {
      const message = "must be a whole number with a unit: B, KiB, MiB, GiB or TiB";
      context.issues.push({ code: "custom", message, input: value });
    }
    return bytes ?? 0;
  });

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
  privilege: z
    .enum(["sysbackup", "sysdba", "sysoper", "normal"], {
      error: "must be one of sysbackup, sysdba, sysoper, normal",
    })
    .describe("How the user logs in; sysbackup is enough and is the default."),
  password: passwordReference,
};

const backup = z.strictObject({
  mode: z
    .enum(["per-tablespace", "database"], { error: "must be per-tablespace or database" })
    .describe("One tablespace in backup mode at a time (less redo), or the whole database at once."),
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

/** What `defaults` and every database may say. */
const settings = {
  connect: connection.connect.optional(),
  user: connection.user.optional(),
  privilege: connection.privilege.optional(),
  password: connection.password.optional(),
  storage: name.optional().describe("Name of the storage, from `storages`, that holds the backup area."),
  backup: backup.partial().optional().describe("How a hot backup is made."),
  deadlines: deadlines.partial().optional().describe("Longest waits, each with its unit: 30s, 10m, 2h."),
};

/** What only one database can say: never inherited. */
const identity = {
  dbid: dbid.optional(),
  "backup-area": absolutePath
    .optional()
    .describe("Directory of this database's backups. Default: the storage's path and the database's name."),
};
export const IDENTITY_KEYS: readonly string[] = [...Object.keys(identity), "like"];

export const storageSchema = z.strictObject({
  path: absolutePath.describe("Directory that the agent's user owns."),
});

/** One configuration file as it may be written. Order of the databases is the order in the file. */
export const fileSchema = z.strictObject({
  include: z
    .array(text, { error: "must be a list of paths" })
    .optional()
    .describe("More files, relative to this one. They may hold storages, databases and include."),
  state: absolutePath
    .optional()
    .describe("Directory of umbra's own journal and catalog. Default: /var/lib/umbra."),
  defaults: z
    .strictObject(settings)
    .optional()
    .describe("Settings that every database has unless it says otherwise."),
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
  storage: name,
  backup,
  deadlines,
});
/** The settings that the rules between the parts look at, one by one. */
export const settingSchemas = { dbid, storage: name, backupArea: absolutePath, connectString: text };
export type EffectiveDatabase = z.output<typeof effectiveSchema>;

/** What holds where nobody says anything. */
export const builtIn = {
  privilege: "sysbackup",
  backup: { mode: "per-tablespace", parallel: 2, spare: "1GiB" },
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

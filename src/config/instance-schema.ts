import { z } from "zod";

import { absolutePath, choice, text } from "./value-schemas.ts";

const oracleHome = absolutePath.describe("ORACLE_HOME of the database, on its host.");

/** Clusterware and sqlplus take names by these rules; anything else would be a word of their own language. */
const identifier = z
  .string({ error: "must be a text" })
  .regex(/^[A-Za-z][A-Za-z0-9_$#]{0,29}$/, { error: "must be a letter, then letters, digits, _, $ or #" });

const sqlplus = z.strictObject({
  by: z.literal("sqlplus"),
  "oracle-home": oracleHome,
  sid: identifier.describe("ORACLE_SID of the instance."),
  privilege: choice(["sysbackup", "sysdba"])
    .default("sysbackup")
    .describe("By the operating system's groups: OSBACKUPDBA or OSDBA. Default: sysbackup."),
});

const srvctl = z.strictObject({
  by: z.literal("srvctl"),
  "oracle-home": oracleHome,
  "unique-name": identifier.describe("DB_UNIQUE_NAME, as clusterware knows the database."),
});

const oracledb = z.strictObject({
  by: z.literal("oracledb"),
  connect: text
    .optional()
    .describe("A statically registered service. Default: the connect string of the database."),
  privilege: choice(["sysoper", "sysdba"])
    .default("sysoper")
    .describe("How the database's user logs in for this. Default: sysoper."),
});

/** The way to the instance: which one is named by `by`. */
export const instanceSchema = z.discriminatedUnion("by", [sqlplus, srvctl, oracledb], {
  error: (issue) =>
    issue.code === "invalid_union" ? "must be one of sqlplus, srvctl, oracledb" : "must be a map of settings",
});

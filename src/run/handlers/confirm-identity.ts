import { readIdentity } from "../../discover/identity.ts";
import type { DatabaseIdentity } from "../../domain/facts.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { noteLaterFiles } from "../current-datafiles.ts";
import { identityChanges } from "../identity-changes.ts";
import type { Handler } from "../step-context.ts";

/** What must be the same at the start and at the end of a run (rule 1). */
const SAME = [
  "dbid",
  "name",
  "uniqueName",
  "role",
  "openMode",
  "logMode",
  "cdb",
  "resetlogsScn",
  "resetlogsId",
  "controlfileType",
] as const satisfies readonly (keyof DatabaseIdentity)[];

export const confirmIdentity: Handler<"confirm-identity"> = (step, context) =>
  context.sessions.root(async (db) => {
    const now = await readIdentity(db, context.statement);
    const changes = identityChanges(step.expected, now, SAME);
    if (changes.length > 0) throw new UmbraError("UMB-9002", { changes, rule: 1 });
    await noteLaterFiles(db, context);
    return {};
  });

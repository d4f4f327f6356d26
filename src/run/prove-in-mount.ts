import { readClock } from "../discover/clock.ts";
import { readIdentity } from "../discover/identity.ts";
import { readInstances } from "../discover/instances.ts";
import { readRow } from "../discover/row-reader.ts";
import type { DatabaseIdentity, InstanceFacts } from "../domain/facts.ts";
import { type Instant, parseUtc } from "../domain/instant.ts";
import { formatScn, type Scn } from "../domain/scn.ts";
import type { ClosedFile } from "../domain/step.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { Database } from "../ports/database.ts";
import { currentDatafiles } from "./current-datafiles.ts";
import { identityChanges } from "./identity-changes.ts";
import { mountProblems } from "./mount-proof.ts";
import type { StepContext } from "./step-context.ts";

/** V$ dates are whole seconds, and clocks of two hosts are compared. */
const DATE_SLACK_MS = 2_000;
const MINUTE_MS = 60_000;

/**
 * Proof A: the control file says of every file that it stopped at its checkpoint, the instance reads the same headers as
 * were copied, and nobody started it before `sentAt`, the agent's time of our STARTUP (rules 18, 19, 22).
 * Errors: UMB-9021, UMB-9022.
 */
export async function proveInMount(db: Database, sentAt: Instant, context: StepContext): Promise<void> {
  const { plan, results, statement } = context;
  const identity = await readIdentity(db, statement);
  const instances = await readInstances(db, statement);
  const files = await currentDatafiles(db, identity, statement);
  await requireOurStart(db, { instances, sentAt }, context);
  const expected = provedFiles(context);
  const problems = [
    ...identityProblems(plan.facts.identity, identity),
    ...mountProblems(expected, files, results.cold, identity.role !== "PRIMARY"),
    ...(await controlfileProblems(db, expected, context)),
  ];
  if (problems.length > 0) throw new UmbraError("UMB-9021", { problems, rule: 19 });
  results.cold.headersInMount = files.length;
  results.cold.startedAt = instances[0]?.startedAt;
}

function provedFiles({ plan }: StepContext): readonly ClosedFile[] {
  return plan.steps.flatMap((step) => (step.kind === "prove-closed" ? step.files : []));
}

const SAME = ["dbid", "name", "uniqueName", "role", "logMode", "resetlogsId", "controlfileType"] as const;

function identityProblems(before: DatabaseIdentity, now: DatabaseIdentity): readonly string[] {
  const changes = identityChanges(before, now, SAME);
  return now.openMode === "MOUNTED" ? changes : [...changes, `the database is ${now.openMode} already`];
}

/** The control file's own checkpoint is the one of the files that it closed (rule 19). */
async function controlfileProblems(
  db: Database,
  expected: readonly ClosedFile[],
  { results, plan, statement }: StepContext,
): Promise<readonly string[]> {
  const { checkpointScn } = results.cold;
  const isWritten = expected.some((file) => file.state === "checkpointed");
  if (plan.facts.identity.role !== "PRIMARY" || !isWritten || checkpointScn === undefined) return [];
  const found: Scn = await readRow(db, "checkpoint", statement, (row) => row.scn("checkpoint_scn"));
  if (found === checkpointScn) return [];
  return [`the control file's checkpoint is ${formatScn(found)}, not ${formatScn(checkpointScn)}`];
}

/** An earlier start than ours means that the files were in other hands, even where nothing was written. */
async function requireOurStart(
  db: Database,
  { instances, sentAt }: { readonly instances: readonly InstanceFacts[]; readonly sentAt: Instant },
  { world, statement }: StepContext,
): Promise<void> {
  const { skewMs, uncertaintyMs, offset } = await readClock(db, world.clock, statement);
  const earlier = instances.filter(({ startedAt }) => {
    const local = parseUtc(`${startedAt}Z`);
    if (local === undefined) return false;
    return local - offsetMs(offset) - skewMs + uncertaintyMs + DATE_SLACK_MS < sentAt;
  });
  if (earlier.length === 0) return;
  const seen = earlier.map(
    ({ name, host, startedAt }) => `${name} on ${host} was started at ${startedAt}, before umbra's STARTUP`,
  );
  throw new UmbraError("UMB-9022", { seen, rule: 22 });
}

/** `+05:30`; v$instance has the database host's local time. */
function offsetMs(offset: string): number {
  const match = /^([+-])(\d\d):(\d\d)$/.exec(offset);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === "-" ? -minutes : minutes) * MINUTE_MS;
}

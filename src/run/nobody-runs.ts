import { readInstances } from "../discover/instances.ts";
import { ROOT } from "../domain/names.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { instanceSigns } from "./instance-signs.ts";
import type { StepContext } from "./step-context.ts";

/** The processes of an instance that was just stopped may be seen for a moment. */
const SIGNS_PAUSES_MS = [100, 400, 1_500, 3_000];

/** `just-stopped`: signs of the instance that we stopped are given time to go. */
export type Expected = "just-stopped" | "down-for-long";

/**
 * Throws UMB-9022 where the operating system shows an instance while the database is to be down; says which and since when
 * (rules 22, 23). The instance tool is not asked: SHUTDOWN ended with its word, STARTUP begins with it, and each question
 * is a program whose start counts as downtime.
 */
export async function requireNobody(context: StepContext, expected: Expected): Promise<void> {
  const { world, signal, plan } = context;
  const { instances, identity } = plan.facts;
  let seen = await instanceSigns(world, instances, identity.uniqueName);
  for (const pause of expected === "just-stopped" ? SIGNS_PAUSES_MS : []) {
    if (seen.length === 0) break;
    await world.clock.sleep(pause, signal);
    seen = await instanceSigns(world, instances, identity.uniqueName);
  }
  if (seen.length === 0) return;
  throw new UmbraError("UMB-9022", { seen: [...seen, ...(await whoStarted(context))], rule: 22 });
}

/** v$instance of whoever is up now; nothing where it cannot be asked. */
export async function whoStarted({ world, signal }: StepContext): Promise<readonly string[]> {
  const { connectMs, statementMs } = world.database.deadlines;
  try {
    await using db = await world.connector.connect({ deadlineMs: connectMs, signal, container: ROOT });
    const instances = await readInstances(db, { deadlineMs: statementMs, signal });
    return instances.map(
      ({ name, host, startedAt, status }) =>
        `${name} on ${host} was started at ${startedAt} and is ${status}`,
    );
  } catch {
    return [];
  }
}

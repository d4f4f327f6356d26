import { readInstances } from "../discover/instances.ts";
import { ROOT } from "../domain/names.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { instanceControl } from "./cold-context.ts";
import type { StepContext } from "./step-context.ts";

/** Throws UMB-9022 where an instance runs while the database is to be down; says which and since when (rules 22, 23). */
export async function requireNobody(context: StepContext): Promise<void> {
  const { world, signal } = context;
  const deadlineMs = world.database.deadlines.connectMs;
  const status = await instanceControl(context).status({ deadlineMs, signal });
  if (status.state === "down") return;
  const seen = [`an instance is in state ${status.state}`, ...(await whoStarted(context))];
  throw new UmbraError("UMB-9022", { seen, rule: 22 });
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

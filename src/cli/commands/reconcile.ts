import type { DatabaseConfig } from "../../domain/fleet.ts";
import { formatUtc } from "../../domain/instant.ts";
import { exitClass } from "../../errors/exit-classes.ts";
import type { State } from "../../state/state.ts";
import type { Declare } from "../command.ts";
import { type CommandContext, configured } from "../context.ts";
import { type Failure, failureOf, failureOfRefusals, failureText } from "../failure-text.ts";
import { planText } from "../render/plan.ts";
import type { PlannedRun } from "../runs.ts";

/** Each one may start programs and a session of its own. */
const MOST_AT_ONCE = 8;

interface Reconciled {
  readonly database: string;
  readonly planned: PlannedRun | undefined;
  readonly failure: Failure | undefined;
}

export const reconcile: Declare = (program, perform) => {
  program
    .command("reconcile")
    .description(
      "put right what an interrupted run left: start a database that umbra had shut down, end backup mode that is ours, remove half-written files",
    )
    .argument("[database]", "name in the configuration; without it: all databases")
    .option("--plan", "print what would be done, and change nothing")
    .action(
      perform(
        async (context, database: string | undefined, { plan: planOnly = false }: { plan?: boolean }) => {
          const done = await context.withState(async (state, fleet) => {
            const chosen =
              database === undefined ? [...fleet.databases.values()] : [configured(fleet, database)];
            return await abreast(chosen, MOST_AT_ONCE, (one) => reconcileOne(context, one, state, planOnly));
          });
          const text = done.map((one) => reconciledText(one, planOnly)).join("\n");
          const data = { databases: done.map(reconciledData) };
          return { ok: true, kind: "reconcile", data, text, exit: exitOf(done) };
        },
      ),
    );
};

/**
 * The results in the order of the items, whatever order they came in. `work` throws only what ends the whole command.
 * A database whose STARTUP takes long must not keep the next one down or in backup mode.
 */
async function abreast<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}

async function reconcileOne(
  context: CommandContext,
  database: DatabaseConfig,
  state: State,
  planOnly: boolean,
): Promise<Reconciled> {
  const { name } = database;
  try {
    const planned = await context.inWorld(database, state, (world) =>
      context.around.runs.reconcile(world, { planOnly }),
    );
    return { database: name, planned, failure: planned.ok ? undefined : failureOfRefusals(planned.refusals) };
  } catch (error) {
    return { database: name, planned: undefined, failure: failureOf(error) };
  }
}

/** A database at risk is the gravest; else the one failure there was, or "some of the fleet failed". */
function exitOf(done: readonly Reconciled[]): number {
  const exits = done.flatMap((one) => one.failure?.exit ?? []);
  if (exits.includes(exitClass.production)) return exitClass.production;
  const [first] = exits;
  if (first === undefined) return exitClass.done;
  return done.length === 1 ? first : exitClass.partial;
}

function reconciledText({ database, planned, failure }: Reconciled, planOnly: boolean): string {
  if (failure !== undefined) return `${database}: failed\n${failureText(failure, "table").trimEnd()}`;
  if (planned?.ok !== true) return `${database}: nothing to put right`;
  if (planned.atWork !== undefined) {
    const { run, pid, since } = planned.atWork;
    return `${database}: nothing to put right: run ${run} is at work (process ${pid}, since ${formatUtc(since)})`;
  }
  if (planned.lines.length + planned.warnings.length === 0) return `${database}: nothing to put right`;
  if (planOnly) return planText(`reconcile ${database}`, planned.lines, planned.warnings);
  return [`${database}: put right`, ...planned.lines.map((line) => `  ${line.title}`)].join("\n");
}

function reconciledData({ database, planned, failure }: Reconciled): object {
  if (failure !== undefined) return { database, failed: failure };
  if (planned?.ok !== true) return { database, steps: [] };
  const { run, atWork, lines, warnings } = planned;
  return {
    database,
    ...(run === undefined ? {} : { run }),
    ...(atWork === undefined ? {} : { atWork: { ...atWork, since: formatUtc(atWork.since) } }),
    steps: lines,
    warnings,
  };
}

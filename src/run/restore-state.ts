import { readClock } from "../discover/clock.ts";
import type { Instant } from "../domain/instant.ts";
import { type ContainerName, ROOT } from "../domain/names.ts";
import type { ContainedStatement } from "../domain/reconcile-plan.ts";
import type { SavedService } from "../domain/saved-state.ts";
import { oraCodeOf } from "../errors/database-error.ts";
import { startServiceSql } from "../plan/restore-sql.ts";
import { type Difference, planRestore } from "../plan/restore-state.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { type Ascent, connectRoot, remainingMs } from "./ascent.ts";
import { failureText } from "./failure-words.ts";
import { type DatabaseState, readSavedState } from "./saved-state.ts";

export interface Restored {
  readonly now: DatabaseState;
  /** What is still not as it was; `seen` ends with why a fix was refused. */
  readonly differences: readonly Difference[];
}

/** The root first, then what lies in the containers that it opened, then what shows only after that. */
const MOST_ROUNDS = 3;
/** Asked later than this after OPEN, the clock does not tell any more what OPEN itself had opened. */
const OWN_OPEN_MS = 5_000;
const NO_SUCH_SERVICE = 44_304;
/** The service runs by now, apply as well: the next look tells. */
const DONE_MEANWHILE = new Set([44_305, 1_153, 65_019]);

/** Puts right what can be by SQL in a database that is up, and reads it again. */
export async function restoreState(ascent: Ascent): Promise<Restored> {
  const { world, obligation } = ascent;
  const reading: CallOptions = { deadlineMs: world.database.deadlines.statementMs };
  await using db = await connectRoot(ascent);
  const ownOpenBy = await ownOpening(ascent, db, reading);
  const refused = new Map<string, string>();
  const goneServices: SavedService[] = [];
  for (let round = 1; ; round += 1) {
    const now = await readSavedState(world, db, reading);
    if (now.identity.dbid !== obligation.dbid)
      throw new Error(
        `the connection leads to a database with DBID ${now.identity.dbid}, not ${obligation.dbid}`,
      );
    const { saved: state, openedAt } = now;
    const opened = ownOpenBy === undefined ? {} : { ownOpenBy };
    const differences = planRestore(obligation.saved, { state, openedAt, goneServices, ...opened });
    const fixable = differences.filter(({ fix }) => fix !== undefined && !refused.has(keyOf(fix)));
    if (fixable.length === 0 || round > MOST_ROUNDS)
      return { now, differences: [...explained(differences, refused), ...notRestarted(ascent)] };
    for (const { fix } of fixable) {
      if (fix === undefined) continue;
      try {
        await send(ascent, db, fix);
      } catch (error) {
        const ora = oraCodeOf(error) ?? 0;
        if (DONE_MEANWHILE.has(ora)) continue;
        refused.set(keyOf(fix), failureText(error));
        if (ora === NO_SUCH_SERVICE) goneServices.push(...servicesOf(ascent, fix));
      }
    }
  }
}

/** undefined where somebody else opened it, or where that is not known any more. */
async function ownOpening(ascent: Ascent, db: Database, reading: CallOptions): Promise<Instant | undefined> {
  const { world, openedAtMs } = ascent;
  if (openedAtMs === undefined || world.clock.monotonicMs() - openedAtMs > OWN_OPEN_MS)
    return ascent.ownOpenBy;
  ascent.ownOpenBy ??= (await readClock(db, world.clock, reading)).databaseUtc;
  return ascent.ownOpenBy;
}

async function send(ascent: Ascent, root: Database, { container, sql }: ContainedStatement): Promise<void> {
  const options: CallOptions = { deadlineMs: remainingMs(ascent) };
  if (container === ROOT) return await root.execute(sql, options);
  await using db = await connectInto(ascent, container);
  await db.execute(sql, options);
}

function connectInto({ world }: Ascent, container: ContainerName): Promise<Database> {
  return world.connector.connect({ container, deadlineMs: world.database.deadlines.connectMs });
}

function servicesOf({ obligation }: Ascent, fix: ContainedStatement): readonly SavedService[] {
  return obligation.saved.services.filter(
    ({ container, name }) => container === fix.container && fix.sql === startServiceSql(name),
  );
}

function keyOf(fix: ContainedStatement | undefined): string {
  return `${fix?.container ?? ""}: ${fix?.sql ?? ""}`;
}

function notRestarted({ autoRestart }: Ascent): readonly Difference[] {
  if (typeof autoRestart === "string") return [];
  const seen = `clusterware does not start the database again by itself (${autoRestart.refused})`;
  return [{ seen, grave: true, todo: "srvctl enable database" }];
}

function explained(
  differences: readonly Difference[],
  refused: ReadonlyMap<string, string>,
): readonly Difference[] {
  return differences.map((one) => {
    const why = one.fix === undefined ? undefined : refused.get(keyOf(one.fix));
    return why === undefined ? one : { ...one, seen: `${one.seen} (${why})` };
  });
}

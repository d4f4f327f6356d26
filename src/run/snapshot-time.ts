import { readClock } from "../discover/clock.ts";
import { readIdentity } from "../discover/identity.ts";
import { formatUtc, instant } from "../domain/instant.ts";
import type { ManifestSnapshotTime } from "../domain/manifest.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { snapshotMoment } from "../plan/snapshot-moment.ts";
import type { StepContext } from "./step-context.ts";
import type { World } from "./world.ts";

const POLL_MS = 200;
/** The database's clock is measured, so it passes the moment within the margin; longer means that it stands or jumps. */
const PATIENCE_MS = 60_000;

/**
 * The moment that SNAPSHOT TIME names: later than the end of the snapshots by the database's clock (rule 68). Returns when
 * that clock has passed it; an SCN from after that is the lowest target of a recovery (rule 69).
 */
export async function readSnapshotTime(context: StepContext): Promise<ManifestSnapshotTime> {
  const { world, sessions, statement, results, signal } = context;
  const completedAt = world.clock.now();
  const database = await sessions.root((db) => readClock(db, world.clock, statement));
  const host = await hostClock(world);
  const moment = snapshotMoment({ completedAt, database, host });
  const giveUpAt = world.clock.monotonicMs() + PATIENCE_MS;
  for (;;) {
    const { now, scn } = await sessions.root(async (db) => ({
      now: (await readClock(db, world.clock, statement)).databaseUtc,
      scn: (await readIdentity(db, statement)).currentScn,
    }));
    if (now > moment.utc) {
      results.ends.push(scn);
      return { ...moment, utc: formatUtc(moment.utc), completedAt: formatUtc(completedAt) };
    }
    if (world.clock.monotonicMs() >= giveUpAt) {
      const seen = `the database's clock does not pass ${formatUtc(moment.utc)}`;
      throw new UmbraError("UMB-9062", { seen, rule: 68 });
    }
    await world.clock.sleep(POLL_MS, signal);
  }
}

/** The clock of the host on which the storage's program runs, against umbra's: the middle of the call. */
async function hostClock({ databaseHost, clock, database, signal }: World) {
  const before = clock.now();
  const started = clock.monotonicMs();
  const options = { deadlineMs: database.deadlines.statementMs, signal, maxOutputBytes: 4096 };
  const { status, stdout } = await databaseHost.run(["date", "-u", "+%s%3N"], options);
  const half = (clock.monotonicMs() - started) / 2;
  const text = stdout.toString("utf8").trim();
  if (status !== 0 || !/^\d{13,}$/.test(text)) {
    const seen = `the clock of ${databaseHost.name} cannot be read: date said ${JSON.stringify(text)}`;
    throw new UmbraError("UMB-9062", { seen, rule: 68 });
  }
  const at = instant(Number(text));
  return { skewMs: Math.round(at - (before + half)), uncertaintyMs: Math.ceil(half) };
}

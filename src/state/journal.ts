import type { Kysely, Selectable } from "kysely";

import { type Instant, instant } from "../domain/instant.ts";
import type { RunOutcome, RunRecord, StepRecord } from "../domain/journal.ts";
import type { DatabaseName, FilePath, RunId, StepId } from "../domain/names.ts";
import type { RunRow, StateSchema, StepRow } from "./schema.ts";

/** The record of runs and steps. A step may be begun again: the later intent replaces the earlier one. */
export interface Journal {
  openRun(run: Omit<RunRecord, "endedAt" | "outcome" | "error">): Promise<void>;
  closeRun(
    run: RunId,
    end: { readonly at: Instant; readonly outcome: RunOutcome; readonly error?: string },
  ): Promise<void>;
  intent(
    step: Pick<StepRecord, "run" | "step" | "position" | "title"> & { readonly at: Instant },
  ): Promise<void>;
  outcome(
    run: RunId,
    step: StepId,
    end: { readonly at: Instant; readonly state: "done" | "failed"; readonly outcome: string },
  ): Promise<void>;
  run(id: RunId): Promise<RunRecord | undefined>;
  /** Newest first. */
  runs(database?: DatabaseName): Promise<readonly RunRecord[]>;
  /** Runs without an end: at work, or interrupted. */
  openRuns(database: DatabaseName): Promise<readonly RunRecord[]>;
  steps(run: RunId): Promise<readonly StepRecord[]>;
}

export function createJournal(db: Kysely<StateSchema>): Journal {
  const select = () => db.selectFrom("run").selectAll();
  return {
    async openRun(run) {
      const { id, database, kind, startedAt, directory } = run;
      const row = { id, database, kind, started_at: startedAt, directory: directory ?? null };
      await db
        .insertInto("run")
        .values({ ...row, ended_at: null, outcome: null, error: null })
        .execute();
    },
    async closeRun(run, { at, outcome, error }) {
      const end = { ended_at: at, outcome, error: error ?? null };
      await db.updateTable("run").set(end).where("id", "=", run).where("ended_at", "is", null).execute();
    },
    async intent({ run, step, position, title, at }) {
      const row = {
        run,
        step,
        position,
        title,
        state: "intent",
        started_at: at,
        ended_at: null,
        outcome: null,
      };
      const again = db.insertInto("step").values(row);
      await again.onConflict((conflict) => conflict.columns(["run", "step"]).doUpdateSet(row)).execute();
    },
    async outcome(run, step, { at, state, outcome }) {
      const end = { ended_at: at, state, outcome };
      await db.updateTable("step").set(end).where("run", "=", run).where("step", "=", step).execute();
    },
    async run(id) {
      const row = await select().where("id", "=", id).executeTakeFirst();
      return row === undefined ? undefined : runRecord(row);
    },
    async runs(database) {
      const all = select().orderBy("started_at", "desc").orderBy("id", "desc");
      const rows = await (database === undefined ? all : all.where("database", "=", database)).execute();
      return rows.map(runRecord);
    },
    async openRuns(database) {
      const open = select()
        .where("database", "=", database)
        .where("ended_at", "is", null)
        .orderBy("started_at");
      return (await open.execute()).map(runRecord);
    },
    async steps(run) {
      const rows = await db
        .selectFrom("step")
        .selectAll()
        .where("run", "=", run)
        .orderBy("position")
        .execute();
      return rows.map(stepRecord);
    },
  };
}

function runRecord(row: Selectable<RunRow>): RunRecord {
  return {
    id: row.id as RunId,
    database: row.database as DatabaseName,
    kind: row.kind,
    startedAt: instant(row.started_at),
    ...(row.directory === null ? {} : { directory: row.directory as FilePath }),
    ...(row.ended_at === null ? {} : { endedAt: instant(row.ended_at) }),
    ...(row.outcome === null ? {} : { outcome: row.outcome as RunOutcome }),
    ...(row.error === null ? {} : { error: row.error }),
  };
}

function stepRecord(row: Selectable<StepRow>): StepRecord {
  return {
    run: row.run as RunId,
    step: row.step as StepId,
    position: row.position,
    title: row.title,
    state: row.state as StepRecord["state"],
    startedAt: instant(row.started_at),
    ...(row.ended_at === null ? {} : { endedAt: instant(row.ended_at) }),
    ...(row.outcome === null ? {} : { outcome: row.outcome }),
  };
}

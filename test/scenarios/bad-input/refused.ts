import { expect } from "vitest";

import type { DatabaseName } from "../../../src/domain/names.ts";
import { openState } from "../../../src/state/open-state.ts";
import type { DatabaseUser } from "../../rigs/database-user.ts";

/** What a user must be told. */
export interface Told {
  readonly exit: number;
  readonly code: string;
  readonly rule?: number;
  /** What was seen. */
  readonly seen: string | RegExp;
  /** What to do. */
  readonly todo: string | RegExp;
}

interface Failure {
  readonly exit: number;
  readonly errors: readonly {
    readonly code: string;
    readonly rule?: number;
    readonly message: string;
    readonly hint: string;
  }[];
}

const BACKUP = ["backup", "hot", "PROD1"];

/** A hot backup and its plan are refused alike, with one reason, and nothing of the database or the storage is touched. */
export async function expectRefused(
  user: DatabaseUser,
  told: Told,
  ...options: readonly string[]
): Promise<void> {
  await expectAllRefused(user, [told], ...options);
}

/** All reasons at once, in this order. */
export async function expectAllRefused(
  user: DatabaseUser,
  told: readonly Told[],
  ...options: readonly string[]
): Promise<void> {
  const before = user.untouched();
  const [backup, plan] = await Promise.all([
    user.umbra(...BACKUP, ...options),
    user.umbra(...BACKUP, ...options, "--plan", "--output", "json"),
  ]);
  expect(user.untouched()).toEqual(before);
  const exit = told[0]?.exit;
  expect({ status: plan.status, stdout: plan.stdout }).toEqual({ status: exit, stdout: "" });
  expect({ status: backup.status, stdout: backup.stdout }).toEqual({ status: exit, stdout: "" });
  const failure = JSON.parse(plan.stderr) as Failure;
  expect(failure).toMatchObject({ schema: 1, kind: "error", exit });
  expect(failure.errors.map(({ code, rule }) => [code, rule])).toEqual(
    told.map(({ code, rule }) => [code, rule]),
  );
  for (const [index, { seen, todo }] of told.entries()) {
    expect(failure.errors[index]?.message).toMatch(seen);
    expect(failure.errors[index]?.hint).toMatch(todo);
  }
  for (const { code, rule } of told) {
    expect(backup.stderr).toContain(`umbra: ${code}${rule === undefined ? "" : ` (rule ${rule})`}: `);
  }
  expect(backup.stderr.match(/^ {2}to do: \S/gm)).toHaveLength(told.length);
  await expectNothingOpen(user);
}

/** There is nothing that `umbra reconcile` would have to put right. */
async function expectNothingOpen(user: DatabaseUser): Promise<void> {
  const database = "PROD1" as DatabaseName;
  using state = openState(user.state);
  expect(await state.journal.openRuns(database)).toEqual([]);
  expect(await state.obligations.pending(database)).toEqual([]);
  expect(state.locks.owner(database)).toBeUndefined();
}

import type { LedgerLog } from "../domain/archive.ts";
import { counted } from "../domain/human.ts";
import type { LogReport, LogVerdict } from "../domain/log-report.ts";
import type { FilePath } from "../domain/names.ts";
import { formatScn } from "../domain/scn.ts";
import type { StandbyLog, StandbyLook, StandbyProblem } from "../domain/standby.ts";
import { type BackfillCopy, type BackfillPlan, bytesOf, freeName } from "./archive-backfill.ts";
import { keyText } from "./expected-logs.ts";
import { standbyChain } from "./standby-chain.ts";

/** What the area lacks, and what the primary's own records tell. */
export interface BackfillFacts {
  readonly report: LogReport;
  readonly directory: FilePath;
  /** Of the primary; empty where it could not be asked. */
  readonly ledger: readonly LedgerLog[];
  /** Names in the area. */
  readonly taken: readonly FilePath[];
}

/** Adds copies of what a plan leaves and one standby has. The problems are logs of the same name with other redo. */
export function addFromStandby(
  plan: BackfillPlan,
  look: StandbyLook,
  { report, directory, ledger, taken: there }: BackfillFacts,
): { readonly plan: BackfillPlan; readonly problems: readonly StandbyProblem[] } {
  const { standby, host } = look;
  const taken = new Set<string>([...there, ...plan.copies.map(({ target }) => target)]);
  const chain = standbyChain(report, ledger, look.ledger);
  const rows = Map.groupBy(look.ledger, (row) => keyText({ ...row, incarnation: row.resetlogsId }));
  const copies: BackfillCopy[] = [];
  const left: LogVerdict[] = [];
  const unfitting: string[] = [];
  for (const log of plan.left) {
    const held = (rows.get(keyText(log)) ?? []).filter(({ path }) => look.there.has(path));
    const row = held.find((one) => chain.fits(one, log));
    if (row === undefined) {
      left.push(log);
      unfitting.push(...held.slice(0, 1).map((other) => unfit(other, log)));
      continue;
    }
    const target = freeName(directory, log, row.path, taken);
    taken.add(target);
    const { blockSize, blocks, firstScn, nextScn } = row;
    const damaged = log.class === "damaged" && log.path !== undefined ? { damaged: log.path } : {};
    const read = { blockSize, blocks, firstScn, nextScn };
    copies.push({ log, source: row.path, from: { standby, host }, target, ...read, ...damaged });
  }
  const bytes = copies.reduce((sum, one) => sum + bytesOf(one), plan.bytes);
  const problems = firstOf(unfitting).map((problem) => ({ standby, problem }));
  return { plan: { copies: [...plan.copies, ...copies], left, bytes }, problems };
}

/** A standby whose chain does not fit may say so of thousands of logs. */
function firstOf([first, ...others]: readonly string[]): readonly string[] {
  if (first === undefined) return [];
  return [others.length === 0 ? first : `${first}; so it is with ${counted(others.length, "other log")}`];
}

function unfit({ firstScn, nextScn, blocks }: StandbyLog, log: LogVerdict): string {
  const held = `SCN ${formatScn(firstScn)} to ${formatScn(nextScn)} in ${blocks} blocks`;
  return `its ${keyText(log)} holds ${held}: nothing proves that this is all of the primary's log`;
}

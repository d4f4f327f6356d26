import { counted } from "../../domain/human.ts";
import type { FilePath } from "../../domain/names.ts";
import { formatScn } from "../../domain/scn.ts";
import type { ClosedFile } from "../../domain/step.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import {
  checkpointProblems,
  closedAt,
  type HeaderExpectation,
  headerProblems,
  readHead,
} from "../closed-files.ts";
import { controlfileProblem } from "../controlfile-problem.ts";
import { restCheckpoint } from "../../plan/rest-checkpoint.ts";
import { eachOf } from "../each-of.ts";
import { requireNobody } from "../nobody-runs.ts";
import type { Handler, StepContext } from "../step-context.ts";

/** Headers read at the same time: over ssh each one waits for the network. */
const WIDTH = 8;
/** Where the block size is not known: two of the largest. */
const LARGEST_BLOCK = 32_768;

/** Proof B: before anything is copied, the files themselves say that they were closed cleanly (rules 18, 19, 23). */
export const proveClosed: Handler<"prove-closed"> = async (step, context) => {
  const { results, signal, plan } = context;
  const { cold } = results;
  await requireNobody(context, "just-stopped");
  const { identity } = plan.facts;
  const expected: HeaderExpectation = { ...identity, standby: identity.role !== "PRIMARY" };
  const problems: string[] = [];
  await eachOf(step.files, WIDTH, signal, async (file) => {
    problems.push(...(await proveFile(file, expected, context)));
  });
  problems.push(...checkpointProblems(step.files, cold.proved));
  for (const path of step.controlfiles) problems.push(...(await controlfileProblems(path, context)));
  if (problems.length > 0) throw new UmbraError("UMB-9021", { problems, rule: 19 });
  cold.checkpointScn = closedAt(step.files, cold.proved);
  const checkpoint = cold.checkpointScn === undefined ? "none" : formatScn(cold.checkpointScn);
  return {
    note: `${counted(step.files.length, "header")} agree at checkpoint ${checkpoint}`,
    checkpointScn: checkpoint,
  };
};

async function proveFile(
  file: ClosedFile,
  expected: HeaderExpectation,
  { world, hosts, plan, results }: StepContext,
): Promise<readonly string[]> {
  const last = results.cold.last.get(file.file);
  const blockSize = last?.blockSize ?? plan.facts.datafiles.find((one) => one.file === file.file)?.blockSize;
  const head = await readHead(world.databaseHost, file.path, blockSize ?? LARGEST_BLOCK, hosts);
  // What was at rest may have been made so after the plan.
  const checkpointScn = last === undefined ? file.checkpointScn : restCheckpoint(last);
  const { header, problems } = headerProblems({ ...file, checkpointScn }, head, expected);
  if (header !== undefined) results.cold.proved.set(file.file, { header, head });
  return problems;
}

async function controlfileProblems(
  path: FilePath,
  { world, hosts, plan }: StepContext,
): Promise<readonly string[]> {
  const expected = { kind: "closed", dbid: plan.facts.identity.dbid } as const;
  const problem = await controlfileProblem(world.databaseHost, path, expected, hosts);
  return problem === undefined ? [] : [`control file ${path}: ${problem}`];
}

import type { FilePath } from "../domain/names.ts";
import type { RmanRun } from "../domain/rman.ts";
import type { RmanFile, Step } from "../domain/step.ts";
import { areaLevelOnes } from "./area-layout.ts";
import type { AreaAction, AreaStepsInput } from "./area-steps.ts";
import { below } from "./backup-layout.ts";
import { isEnterprise } from "./edition.ts";
import { rmanTag } from "./rman-parents.ts";
import { id, named } from "./step-parts.ts";

/** What RMAN does instead of copies in backup mode: one step, since its scripts are about all files. */
export function rmanSteps(input: AreaStepsInput): readonly Step[] {
  const { actions, config } = input;
  if (actions.length === 0) return [];
  return [
    {
      kind: "make-directory",
      id: id("make-directory:level1"),
      path: areaLevelOnes(config.backupArea),
    },
    {
      kind: "rman-refresh",
      id: id("rman-refresh"),
      run: rmanRun(input),
      files: actions.map((action) => rmanFile(action, input.layout.directory)),
    },
  ];
}

function rmanRun({ config, facts, width }: AreaStepsInput): RmanRun {
  const { sectionBytes } = config.refresh;
  const directory = areaLevelOnes(config.backupArea);
  // Other editions work on one channel.
  const parallel = isEnterprise(facts);
  return {
    tag: rmanTag(config),
    channels: parallel ? width : 1,
    ...(parallel && sectionBytes !== undefined ? { sectionBytes } : {}),
    pieces: directory,
    strays: directory,
  };
}

function rmanFile(action: AreaAction, directory: FilePath): RmanFile {
  const { treatment } = action;
  const { relativeFile, bigfile, blockSize, blocks, checkpointScn } = treatment.file;
  return {
    ...named(treatment.file),
    how: action.how === "copy" ? "copy" : "merge",
    needsRecovery: treatment.how === "as-it-is" && treatment.why === "offline-needs-recovery",
    target: below(directory, action.how === "copy" ? action.name : action.parent.entry.name),
    relativeFile,
    bigfile,
    blockSize,
    blocks,
    checkpointScn,
  };
}

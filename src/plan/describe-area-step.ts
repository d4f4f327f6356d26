import { counted } from "../domain/human.ts";
import type { RefreshDatafile, RmanRefresh, StepOf } from "../domain/step.ts";
import { imageCopyScript, incrementalScript, mergeScript } from "./rman-script.ts";
import type { StepDescription } from "./describe-step.ts";
import { afterMoment } from "./source-moments.ts";

type AreaStep = StepOf<
  "refresh-datafile" | "rman-refresh" | "mark-dirty" | "collect-logs" | "take-snapshot" | "tidy-area"
>;

/** A step that only the live backup area has. */
export function describeAreaStep(step: AreaStep): StepDescription {
  const { id } = step;
  switch (step.kind) {
    case "refresh-datafile":
      return describeRefresh(step);
    case "rman-refresh":
      return describeRman(step);
    case "mark-dirty": {
      const title = `mark the copies of ${counted(step.files.length, "datafile")} as being rewritten`;
      return { id, title, sql: [], target: step.path };
    }
    case "collect-logs": {
      const which = step.when === "before" ? "since the last refresh" : "that the new copies need";
      return { id, title: `check and complete the archived logs ${which}`, sql: [], target: step.directory };
    }
    case "take-snapshot":
      return { id, title: `take the snapshot ${step.name} of the live area`, sql: [] };
    case "tidy-area":
      return { id, title: "remove what the manifest names no more", sql: [] };
  }
}

function describeRman({ id, run, files }: RmanRefresh): StepDescription {
  const merged = files.filter(({ how }) => how === "merge").length;
  const copied = files.length - merged;
  const parts = [
    ...(copied === 0 ? [] : [`full copies of ${counted(copied, "datafile")}`]),
    ...(merged === 0 ? [] : [`a level 1 merged into the copies of ${counted(merged, "datafile")}`]),
  ];
  const title = `RMAN, ${counted(run.channels, "channel")}: ${parts.join(", ")}`;
  return { id, title, sql: [], script: rmanLines({ run, files }) };
}

function rmanLines({ run, files }: Pick<RmanRefresh, "run" | "files">): readonly string[] {
  const copied = files.filter(({ how }) => how === "copy");
  const merged = files.filter(({ how }) => how === "merge").map(({ file }) => file);
  const scripts = [
    ...(copied.length === 0 ? [] : [imageCopyScript(run, copied)]),
    ...(merged.length === 0 ? [] : [incrementalScript(run, merged), mergeScript(run, merged)]),
  ];
  return scripts.flatMap(({ text }) => text.trimEnd().split("\n"));
}

function howFound({ find, changesFrom, prove }: RefreshDatafile): string {
  if (find === "compare" || (prove === true && changesFrom === undefined)) return "by comparing";
  if (find === "hashes" || changesFrom === undefined) return "by stored hashes";
  return prove === true
    ? "by the list of its storage, which comparing then proves"
    : "by the list of its storage";
}

function describeRefresh(step: RefreshDatafile): StepDescription {
  const { id, file, container, tablespace, path, target } = step;
  const how = step.maybeUnchanged ? "if its header says that it was written" : howFound(step);
  return {
    id,
    title: `bring the copy of datafile ${file} of ${container}:${tablespace} forward, ${how}${afterMoment(step)}`,
    sql: [],
    source: path,
    target,
  };
}

import { counted } from "../domain/human.ts";
import type { StepOf } from "../domain/step.ts";
import type { StepDescription } from "./describe-step.ts";

type ColdStep = StepOf<
  | "pre-copy-datafile"
  | "verify-copy"
  | "shut-down"
  | "prove-closed"
  | "take-picture"
  | "remove-picture"
  | "copy-controlfile"
  | "copy-redo"
  | "confirm-closed"
  | "start-up"
>;

/** Steps that only a cold backup has. SHUTDOWN and STARTUP are not sent over SQL: a tool on the host gives them. */
export function describeColdStep(step: ColdStep): StepDescription {
  const { id } = step;
  const says = (title: string): StepDescription => ({ id, title, sql: [] });
  switch (step.kind) {
    case "pre-copy-datafile": {
      const title = `copy datafile ${step.file} of ${step.container}:${step.tablespace} while it is open`;
      return { ...says(title), source: step.path, target: step.target };
    }
    case "verify-copy":
      return says(`read the copy of datafile ${step.file} of ${step.container}:${step.tablespace} again`);
    case "shut-down":
      return says(`shut the database down (${step.mode}); from here it is down`);
    case "prove-closed":
      return says(
        `prove from their headers that ${counted(step.files.length, "datafile")} were closed cleanly`,
      );
    case "take-picture":
      return says(`take a picture of ${counted(step.files.length, "file")} in the storage`);
    case "remove-picture":
      return says("remove the picture");
    case "copy-controlfile": {
      const [source] = step.members;
      const title = "copy one control file, and compare the others with it";
      return { ...says(title), ...(source === undefined ? {} : { source }), target: step.target };
    }
    case "copy-redo": {
      const title = `copy online log group ${step.group}, apart from the data`;
      return { ...says(title), source: step.source, target: step.target };
    }
    case "confirm-closed":
      return says("confirm that nobody opened the files");
    case "start-up":
      return says("start the database, prove in MOUNT that the copies are consistent, open it as it was");
  }
}

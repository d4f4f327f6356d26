import type { Draft } from "./draft.ts";
import type { Finding } from "./problem.ts";
import { duplicateDbid } from "./rules/duplicate-dbid.ts";
import { overlappingAreas } from "./rules/overlapping-areas.ts";
import { passwordInConnectString } from "./rules/password-in-connect-string.ts";
import { stateOutsideAreas } from "./rules/state-outside-areas.ts";
import { unknownStorage } from "./rules/unknown-storage.ts";

/** What must hold between the parts of a configuration. Each rule reports all it finds. */
export const rules: readonly ((draft: Draft) => readonly Finding[])[] = [
  unknownStorage,
  duplicateDbid,
  overlappingAreas,
  stateOutsideAreas,
  passwordInConnectString,
];

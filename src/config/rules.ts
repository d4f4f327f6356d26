import type { Draft } from "./draft.ts";
import type { Finding } from "./problem.ts";
import { hostNamedHere } from "./rules/host-named-here.ts";
import { duplicateDbid } from "./rules/duplicate-dbid.ts";
import { instanceWithoutClient } from "./rules/instance-without-client.ts";
import { overlappingAreas } from "./rules/overlapping-areas.ts";
import { passwordInConnectString } from "./rules/password-in-connect-string.ts";
import { proofOfCopies } from "./rules/proof-of-copies.ts";
import { retentionKeepsSomething } from "./rules/retention-keeps-something.ts";
import { sameInstance } from "./rules/same-instance.ts";
import { stateOutsideAreas } from "./rules/state-outside-areas.ts";
import { standbysOfOthers } from "./rules/standbys-of-others.ts";
import { unknownHost } from "./rules/unknown-host.ts";
import { unknownStorage } from "./rules/unknown-storage.ts";
import { wayToHost } from "./rules/way-to-host.ts";

/** What must hold between the parts of a configuration. Each rule reports all it finds. */
export const rules: readonly ((draft: Draft) => readonly Finding[])[] = [
  unknownStorage,
  unknownHost,
  hostNamedHere,
  wayToHost,
  standbysOfOthers,
  duplicateDbid,
  proofOfCopies,
  sameInstance,
  instanceWithoutClient,
  overlappingAreas,
  stateOutsideAreas,
  retentionKeepsSomething,
  passwordInConnectString,
];

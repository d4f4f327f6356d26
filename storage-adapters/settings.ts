import { z } from "zod";

import { btrfsSettings } from "./btrfs/settings.ts";
import { openZfsSettings } from "./openzfs/settings.ts";
import { reflinkSettings } from "./reflink/settings.ts";

/** One storage in the configuration. Imports no adapter, so that the configuration can be read without them. */
export const storageSettings = z.discriminatedUnion(
  "kind",
  [btrfsSettings, openZfsSettings, reflinkSettings],
  {
    error: "must be one of btrfs, openzfs, reflink",
  },
);

export type StorageSettings = z.infer<typeof storageSettings>;
/** As it may stand in the configuration: what has a default can be left out. */
export type StorageSettingsInput = z.input<typeof storageSettings>;

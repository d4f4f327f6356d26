import { join } from "node:path";

import type { Manifest } from "../src/domain/manifest.ts";
import type { RestoreSource } from "./restore/source.ts";

/** What a restore needs, from a backup's manifest in its directory. */
export function restoreSource(manifest: Manifest, directory: string): RestoreSource {
  return {
    databaseName: manifest.identity.name,
    cdb: manifest.identity.cdb,
    controlfile: join(directory, manifest.controlfile.name),
    logs: join(directory, "logs"),
    datafiles: manifest.datafiles.map((file) => ({
      file: file.file,
      creationScn: file.creationScn,
      copy: join(directory, file.name),
    })),
    tempfiles: manifest.tempfiles,
  };
}

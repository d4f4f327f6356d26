import { join } from "node:path";

import type { Manifest, ManifestDatafile, ManifestKeptFile } from "../src/domain/manifest.ts";
import type { RestoreSource } from "./restore/source.ts";

/** What a restore needs, from a backup's manifest in its directory. */
export function restoreSource(manifest: Manifest, directory: string): RestoreSource {
  return {
    databaseName: manifest.identity.name,
    cdb: manifest.identity.cdb,
    controlfile: join(directory, manifest.controlfile.name),
    logs: join(directory, "logs"),
    logsGoOn: manifest.kind === "refreshed",
    ...(manifest.kind === "snapshot" &&
      manifest.snapshotTime !== undefined && { snapshotTime: manifest.snapshotTime.local }),
    datafiles: [
      ...manifest.datafiles.map((file) => ({ ...identity(file), copy: join(directory, file.name) })),
      ...keptIn(manifest).map((file) => ({
        ...identity(file),
        copy: join(directory, "..", "..", file.directory, file.name),
      })),
    ],
    tempfiles: manifest.tempfiles,
  };
}

function identity({ file, creationScn }: Pick<ManifestDatafile, "file" | "creationScn">) {
  return { file, creationScn };
}

/** A cold backup leaves read-only files in the earlier backup that has them; both lie in one backup area. */
function keptIn(manifest: Manifest): readonly ManifestKeptFile[] {
  return manifest.kind === "cold" ? manifest.kept : [];
}

import type { DiscoverWorld } from "../../../src/discover/discover.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import type { Mount } from "../../../src/domain/mount.ts";
import type { Host } from "../../../src/ports/host.ts";
import { databaseConfig } from "../../rigs/database-config.ts";
import { someMounts } from "./some-mounts.ts";

interface Mapped {
  readonly mounts?: () => Promise<readonly Mount[]>;
  /** What `realpath` makes of a path. */
  readonly links?: Readonly<Record<string, string>>;
  readonly realpath?: boolean;
  readonly backupHost?: string;
}

/** A world of which only the mounts and the symbolic links can be asked. The backup area is /backup/TEST. */
export function mappedWorld({
  mounts = () => Promise.resolve(someMounts),
  links = {},
  realpath = true,
  backupHost = "db1",
}: Mapped): DiscoverWorld {
  const run = async (argv: readonly string[]) => {
    const paths = argv.slice(argv.indexOf("--") + 1);
    const stdout = paths.map((path) => `${links[path] ?? path}\0`).join("");
    return {
      status: realpath ? 0 : 127,
      signal: undefined,
      stdout: Buffer.from(realpath ? stdout : ""),
      stderr: Buffer.alloc(0),
    };
  };
  const host = { name: "db1", mounts, run } as unknown as Host;
  return {
    database: { ...databaseConfig({ directory: "/" }), backupArea: "/backup/TEST" as FilePath },
    databaseHost: host,
    backupHost: { ...host, name: backupHost },
    signal: new AbortController().signal,
  } as unknown as DiscoverWorld;
}

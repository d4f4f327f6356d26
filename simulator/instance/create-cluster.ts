import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeSpfile, encodeSpfile } from "../files/spfile.ts";
import { createDatabase } from "./create-database.ts";
import { createInstance, newCluster } from "./instance.ts";
import type { OpenInstance } from "./open-instance.ts";
import { parameterText, parseParameters } from "./parameters.ts";
import type { StartOptions } from "./start-database.ts";

export interface ClusterDatabaseOptions extends StartOptions {
  /** Instances, each with a redo thread of its own; 2 unless told. */
  readonly threads?: number;
}

/** A database for a cluster, and its instances NAME1 on rac1, NAME2 on rac2, …, none of them started. */
export async function createCluster(options: ClusterDatabaseOptions): Promise<OpenInstance[]> {
  const { base, name, threads = 2 } = options;
  const first = `${name}1`;
  await createDatabase({ ...options, sid: first, threads });
  const shared = newCluster();
  const dbs = join(base, "dbs");
  const stored = decodeSpfile(readFileSync(join(dbs, `spfile${first}.ora`))) ?? "";
  return Array.from({ length: threads }, (_, index) => {
    const number = String(index + 1);
    const sid = `${name}${number}`;
    const parameters = parseParameters(stored, sid)
      .set("cluster_database", "TRUE")
      .set("thread", number)
      .set("instance_number", number)
      .set("instance_name", sid);
    writeFileSync(join(dbs, `spfile${sid}.ora`), encodeSpfile(parameterText(parameters)));
    if (sid !== first) copyFileSync(join(dbs, `orapw${first}`), join(dbs, `orapw${sid}`));
    return createInstance({ ...options, home: base, sid, cluster: shared, node: `rac${number}` });
  });
}

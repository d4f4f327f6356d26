import type { Draft } from "../draft.ts";
import type { Finding } from "../problem.ts";

/** Rule 27: only the driver's thick mode starts and stops an instance. */
export function instanceWithoutClient({ databases, oracleClient }: Draft): readonly Finding[] {
  if (oracleClient) return [];
  return databases
    .filter(({ instance }) => instance?.by === "oracledb")
    .map(({ name, place }) => ({
      at: place(["instance", "by"]),
      text: `databases.${name}.instance.by is oracledb, which needs oracle-client: only Oracle's own client can do that`,
    }));
}

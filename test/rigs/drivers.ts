import { withQuietFinalizers } from "../../src/adapters/oracledb/finalizers.ts";

/** Both versions of the driver that the agent is to work with, loaded as the agent loads it. */
export const { default: oracledb } = await withQuietFinalizers(() => import("oracledb"));
export const { default: oracledb26 } = await withQuietFinalizers(() => import("oracledb-26"));

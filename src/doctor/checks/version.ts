import type { Fleet } from "../../domain/fleet.ts";
import type { DoctorCheck } from "../check.ts";
import { ok, problem } from "../line.ts";

/** Of `engines` in package.json: what runs without a build, and node:sqlite, come with it. */
const LEAST_NODE = 24;

export const version: DoctorCheck<Fleet> = {
  what: "version",
  look: async ({ diagnostics: { versions } }) => {
    const seen = `umbra ${versions.umbra}, Node ${versions.node}`;
    if (Number.parseInt(versions.node, 10) >= LEAST_NODE) return ok(seen);
    return problem(seen, `run umbra with Node ${LEAST_NODE} or newer`);
  },
};

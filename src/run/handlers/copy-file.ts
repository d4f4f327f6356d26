import type { Handler } from "../step-context.ts";

export const copyFile: Handler<"copy-file"> = async ({ what, source, target }, context) => {
  const { world, plan, results, signal } = context;
  const { bytes, sha256 } = await world.databaseHost.copy({
    source,
    target,
    mode: "plain",
    blockSize: 512,
    signal,
    stallMs: world.database.deadlines.copyStallMs,
  });
  const name = target.slice(plan.directory.length + 1);
  results.files.set(what === "spfile" ? "spfile" : "passwordFile", { name, bytes, sha256 });
  return { bytes, sha256 };
};

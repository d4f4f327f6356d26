import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";

/** `npm run build`: dist/ by tsc, with the SQL files beside the code, runnable with plain `node dist/src/umbra.js`. */
rmSync("dist", { recursive: true, force: true });
const tsc = spawnSync("tsc", ["-p", "tsconfig.build.json"], { stdio: "inherit" });
if (tsc.status === 0) {
  cpSync("sql", "dist/sql", { recursive: true });
  // `version` and the module type for files below dist/: the package's own package.json lies one level higher.
  const { name, version } = JSON.parse(readFileSync("package.json", "utf8")) as {
    name: string;
    version: string;
  };
  writeFileSync("dist/package.json", `${JSON.stringify({ name, version, type: "module" })}\n`);
  chmodSync("dist/src/umbra.js", 0o755);
}
process.exitCode = tsc.status ?? 1;

import { spawnSync } from "node:child_process";

/** `npm test [vitest arguments]`: installs the system programs where that is possible, then runs every test. */
const setup = spawnSync("sh", ["test/setup.sh"], { stdio: "inherit" });
if (setup.status !== 0) {
  console.error("test/setup.sh failed: see above. Tests that need its programs will say so.");
}
const vitest = spawnSync("vitest", ["run", ...process.argv.slice(2)], {
  stdio: "inherit",
  env: process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: "1" },
});
process.exitCode = vitest.status ?? 1;

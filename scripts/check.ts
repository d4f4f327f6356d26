import { runCommand } from "./run-command.ts";

/** `npm run check`: format, types, lint, dead code and the house rules, at the same time. */
const checks: Readonly<Record<string, readonly string[]>> = {
  format: ["oxfmt", "--check"],
  types: ["tsc", "--noEmit"],
  lint: ["oxlint"],
  "dead code": ["knip"],
  house: ["vitest", "run", "--project", "house", "--reporter", "dot"],
};

const results = await Promise.all(Object.entries(checks).map(([name, argv]) => runCommand(name, argv)));
for (const result of results) {
  console.log(`${result.status === 0 ? "ok    " : "FAILED"} ${result.name} (${result.seconds.toFixed(1)} s)`);
  if (result.status !== 0) console.log(result.output.trimEnd());
}
process.exitCode = results.every((result) => result.status === 0) ? 0 : 1;

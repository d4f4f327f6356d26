import { thisMachine } from "../../src/adapters/host/far-side.ts";
import type { FilePath } from "../../src/domain/names.ts";
import { umbraMain } from "../rigs/umbra-main.ts";

/** A process that looks at a path on a file system that hangs, says how that ended, and ends by itself. */
const [path = ""] = process.argv.slice(2);
await using machine = thisMachine({ version: "test", umbra: umbraMain });
const code = await machine.host.stat(path as FilePath, { deadlineMs: 1_500 }).then(
  () => "answered",
  (error: unknown) => (error as { code: string }).code,
);
process.stdout.write(`${code}\n`);

import { createCopier } from "../../../src/copy/copier.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import { codeOf } from "./copying.ts";

/** A process whose copy hangs in its threads: prints the copy's error, and ends as it is told. */
const [source = "", target = "", end = ""] = process.argv.slice(2);
const copier = createCopier({ inlineBelow: 0, thread: new URL("./hanging-thread.ts", import.meta.url) });
const begin = performance.now();
const code = await codeOf(
  copier.copy({
    source: source as FilePath,
    target: target as FilePath,
    mode: "plain",
    blockSize: 8192,
    stallMs: 200,
  }),
);
process.stdout.write(`${code} ${performance.now() - begin < 3_000 ? "soon" : "late"}\n`);
if (end === "exit") process.exit(0);

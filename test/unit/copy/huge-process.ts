import { constants, openSync, readSync } from "node:fs";

import { hasHugePages, startWithHugePages } from "../../../src/copy/huge-pages.ts";
import { chunkMemory } from "../../../src/copy/ring-memory.ts";

/** Starts with huge pages, reads past the page cache into chunk memory, and tells what it sees. */
startWithHugePages();
const [file = ""] = process.argv.slice(2);
const { memory, base } = chunkMemory(1_048_576);
const page = Buffer.from(memory, base, 4096);
readSync(openSync(file, constants.O_RDONLY | constants.O_DIRECT), page, 0, page.length, 0);
process.stdout.write(
  JSON.stringify({
    args: process.argv.slice(2),
    flags: process.execArgv,
    huge: hasHugePages(),
    inherited: process.env["GLIBC_TUNABLES"] ?? null,
    direct: page.toString("latin1", 0, 2),
  }),
);

#!/usr/bin/env node
/**
 * Entry of the installed command: says what is missing on an older Node, which could not even load the program, and
 * starts the program with the memory that fast copies want.
 */
const OLDEST_NODE = 24;
const NOT_STARTED = 2;

if (Number(process.versions.node.split(".")[0]) >= OLDEST_NODE) {
  const { startWithHugePages } = await import("./copy/huge-pages.ts");
  startWithHugePages();
  await import("./main.ts");
} else {
  process.stderr.write(
    `umbra needs Node ${OLDEST_NODE} or later; this is ${process.versions.node}.\n` +
      "  to do: install Node 24, or put its bin directory first in PATH\n",
  );
  process.exitCode = NOT_STARTED;
}

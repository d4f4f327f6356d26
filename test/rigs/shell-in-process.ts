import { existsSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Host, RunResult } from "../../src/ports/host.ts";

/**
 * What the shell and realpath would do, without a process for each: a script of RMAN is written to a directory of its own
 * below `temporary`, and paths lose their links. For laws, which do it thousands of times.
 */
export function shellInProcess<H extends Pick<Host, "run">>(host: H, temporary: string): H {
  const run: Host["run"] = async (argv, options) => {
    const [program = "", , script = ""] = argv;
    if (program === "/bin/sh" && script.includes("umbra-rman.")) {
      const path = join(mkdtempSync(join(temporary, "umbra-rman.")), "script.rman");
      writeFileSync(path, options.input ?? "", { mode: 0o600 });
      return printed(`<${path}>\n`);
    }
    if (program === "realpath" && argv[1] === "-m")
      return printed(
        argv
          .slice(argv.indexOf("--") + 1)
          .map((path) => `${realPath(path)}\0`)
          .join(""),
      );
    return await host.run(argv, options);
  };
  return { ...host, run };
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

function printed(text: string): RunResult {
  return { status: 0, signal: undefined, stdout: Buffer.from(text), stderr: Buffer.alloc(0) };
}

import type { Readable, Writable } from "node:stream";

import { createCopier } from "../../copy/copier.ts";
import type { Host } from "../../ports/host.ts";
import { createCarefulHost } from "./careful-host.ts";
import { createChildHost } from "./child-host.ts";
import { createLocalHost } from "./local-host.ts";

/** This machine and the streams of this process, for `umbra remote`. */
export interface FarSide extends AsyncDisposable {
  readonly host: Host;
  readonly input: Readable;
  readonly output: Writable;
}

export interface ThisMachineParts {
  readonly version: string;
  /** Starts this very umbra: `[node, …/main.ts]`. */
  readonly umbra: readonly string[];
}

export interface ThisMachine extends AsyncDisposable {
  readonly host: Host;
}

/** This machine with its copy engine; network file systems are touched by children. */
export function thisMachine({ version, umbra }: ThisMachineParts): ThisMachine {
  const copier = createCopier();
  const direct = createLocalHost({ copier });
  const argv = [...umbra, "remote", "--direct", "--allow", "files,copy,verify"];
  const child = () => createChildHost({ name: direct.name, argv, version });
  const careful = createCarefulHost({ direct, child });
  const dispose = async () => {
    careful[Symbol.dispose]();
    await copier[Symbol.asyncDispose]();
  };
  return { host: careful, [Symbol.asyncDispose]: dispose };
}

/** `direct`: this process is such a child. */
export function openFarSide(
  { stdin: input, stdout: output }: Pick<NodeJS.Process, "stdin" | "stdout">,
  parts: ThisMachineParts,
  { direct }: { readonly direct: boolean },
): FarSide {
  if (!direct) return { ...thisMachine(parts), input, output };
  const copier = createCopier();
  const dispose = () => copier[Symbol.asyncDispose]();
  return { host: createLocalHost({ copier }), input, output, [Symbol.asyncDispose]: dispose };
}

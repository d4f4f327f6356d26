import { hostAddressText } from "../../domain/host-address.ts";
import type { FilePath } from "../../domain/names.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { Copier } from "../../ports/copier.ts";
import type { Host } from "../../ports/host.ts";
import { createRemoteHost } from "../remote/remote-host.ts";
import { connect } from "./connect.ts";
import { SshConnection } from "./connection.ts";
import { copyByTools } from "./copy-by-tools.ts";
import { fileOperations } from "./file-operations.ts";
import { fileTool } from "./file-tool.ts";
import { runOverSsh, type SshRunner } from "./run-over-ssh.ts";
import { Slots } from "./slots.ts";
import { startOverSsh } from "./ssh-link.ts";
import type { FarUmbra, SshSettings, SshTarget } from "./target.ts";

/** OpenSSH serves 10 on a connection unless configured otherwise, and fails the eleventh; others may be in use. */
const CHANNELS = 6;
/** Copies by tools hold a channel for long: other programs find room beside them. */
const TOOL_COPIES = 4;
/** From the start of umbra over there to its first line. */
const HELLO_MS = 30_000;

export interface SshHostParts {
  /**
   * Reads copies on this side: where the backup area is mounted here under the same path. Without it, and without umbra
   * on the far side, copies and verification are refused (UMB-7219): a copy that nobody checked proves nothing.
   */
  readonly verifier?: Pick<Copier, "verify">;
}

/**
 * A Linux host over ssh. Contract: `Host`, with UMB-7211 to UMB-7218 from the connection, which is made at the first
 * call and again after it was lost. With `settings.umbra` files and copies are handled by umbra there, in one process on
 * one channel: each block is judged and hashed while it is read, as on this machine. Without it POSIX tools do the work;
 * `copyByTools` says what its copies prove. No datafile crosses ssh either way.
 */
export function createSshHost(
  target: SshTarget,
  settings: SshSettings,
  parts: SshHostParts = {},
): Host & Disposable {
  const host = hostAddressText(target.address);
  const connection = new SshConnection(() => connect(target, settings));
  const { become = [], umbra } = settings;
  const runner: SshRunner = { host, connection, slots: new Slots(CHANNELS), become };
  const run: Host["run"] = (argv, options) => runOverSsh(runner, argv, options);
  if (umbra === undefined) {
    return { ...byTools(runner, parts), run, [Symbol.dispose]: () => connection[Symbol.dispose]() };
  }
  const remote = byUmbra(runner, umbra);
  const dispose = () => {
    remote[Symbol.dispose]();
    connection[Symbol.dispose]();
  };
  return { ...remote, ...(umbra.forced !== true && { run }), [Symbol.dispose]: dispose };
}

function byUmbra(runner: SshRunner, { argv, version }: FarUmbra): Host & Disposable {
  return createRemoteHost({
    host: runner.host,
    program: "umbra remote",
    version,
    helloMs: HELLO_MS,
    start: () => startOverSsh(runner, argv),
  });
}

function byTools(runner: SshRunner, { verifier }: SshHostParts): Omit<Host, "run"> {
  const { host } = runner;
  const files = fileOperations(fileTool(runner));
  const refuse = (path: FilePath) => Promise.reject(new UmbraError("UMB-7219", { host, path }));
  if (verifier === undefined) {
    return { name: host, ...files, copy: ({ source }) => refuse(source), verify: ({ path }) => refuse(path) };
  }
  const copies = { runner, slots: new Slots(TOOL_COPIES), files, verifier };
  return {
    name: host,
    ...files,
    copy: (request) => copyByTools(copies, request),
    verify: (request) => verifier.verify(request),
  };
}

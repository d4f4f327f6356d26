import { hostAddressText } from "../../domain/host-address.ts";
import type { FilePath } from "../../domain/names.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { Host } from "../../ports/host.ts";
import { connect } from "./connect.ts";
import { SshConnection } from "./connection.ts";
import { fileOperations } from "./file-operations.ts";
import { fileTool } from "./file-tool.ts";
import { runOverSsh, type SshRunner } from "./run-over-ssh.ts";
import { Slots } from "./slots.ts";
import type { SshSettings, SshTarget } from "./target.ts";

/** OpenSSH serves 10 on a connection unless configured otherwise, and fails the eleventh; others may be in use. */
const CHANNELS = 6;

/**
 * A Linux host over ssh. Contract: `Host`, with UMB-7211 to UMB-7218 from the connection, which is made at the first
 * call and again after it was lost. Image copies and their verification are refused: they need umbra on the far side,
 * because no datafile should cross ssh and a copy that was not hashed while it was made proves nothing.
 */
export function createSshHost(target: SshTarget, settings: SshSettings): Host & Disposable {
  const host = hostAddressText(target.address);
  const connection = new SshConnection(() => connect(target, settings));
  const runner: SshRunner = { host, connection, slots: new Slots(CHANNELS) };
  const refuse = (path: FilePath) => Promise.reject(new UmbraError("UMB-7219", { host, path }));
  return {
    name: host,
    ...fileOperations(fileTool(runner)),
    run: (argv, options) => runOverSsh(runner, argv, options),
    copy: ({ source }) => refuse(source),
    verify: ({ path }) => refuse(path),
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}

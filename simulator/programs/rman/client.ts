import type { DatafileRecord } from "../../instance/control-file.ts";
import type { ServerBackups } from "../../instance/rman/server-backups.ts";
import { notAvailable } from "../instance-operations.ts";
import type { ProgramHost, ProgramProcess } from "../program.ts";
import type { Channel, Channels } from "./channels.ts";
import type { Datafiles } from "./commands.ts";
import type { Console } from "./console.ts";
import { framed, refused, RmanError, rmanLine } from "./rman-error.ts";

/** What every command of a session works with. */
export interface Client {
  readonly host: ProgramHost;
  readonly process: ProgramProcess;
  readonly console: Console;
  readonly channels: Channels;
  /** What SET says for the session; changed by it. */
  readonly settings: { autobackupFormat: string | undefined };
}

/** The server's side. RMAN-06403 where there is no instance, ORA-01507 where it has not mounted. */
export function server({ host }: Client): ServerBackups {
  if (host.instance.state === "IDLE" || host.operations.refusal !== undefined)
    throw new RmanError([
      rmanLine(6403, "could not obtain a fully authorized session"),
      ...(host.operations.refusal ?? notAvailable()).message.split("\n"),
    ]);
  return host.instance.serverBackups;
}

/** RMAN-20201 where the control file does not know one of them. */
export function datafilesOf(client: Client, wanted: Datafiles): DatafileRecord[] {
  const known = server(client).control.datafiles;
  if (wanted === "database") return known.slice();
  return wanted.map((name) => {
    const found = known.find((file) => String(file.file) === name || file.path === name);
    if (found === undefined)
      throw new RmanError([
        rmanLine(20_201, "datafile not found in the repository"),
        rmanLine(6010, `error while looking up datafile: ${name}`),
      ]);
    return found;
  });
}

/** Work of a channel: what the server refuses stands in the frame of the channel. */
export async function onChannel<T>(
  { console }: Client,
  command: string,
  channel: Channel,
  work: () => Promise<T> | T,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw framed(command, error, console.frameDate(), channel.name);
  }
}

/** Who kills the client ends its channels after what they are at. */
export function requireAlive({ process }: Client): void {
  if (!process.alive) throw refused(10_031, "RPC Error: client has gone");
}

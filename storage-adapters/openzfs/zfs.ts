import { type CommandResult, type CommandSetting, type Commands, failed, privileged } from "../commands.ts";

/** The `zfs` program for one call of the adapter. */
export interface Zfs {
  readonly storage: string;
  readonly commands: Commands;
  readonly mountDirectory: string;
  attempt(args: readonly string[]): Promise<CommandResult>;
  /** What it printed; UMB-6309 where it ended with another status than 0. */
  output(args: readonly string[]): Promise<string>;
}

export function zfsFor(setting: CommandSetting, mountDirectory: string, commands: Commands): Zfs {
  const attempt = (args: readonly string[]) => commands.attempt(privileged(setting, ["zfs", ...args]));
  return {
    storage: setting.storage,
    commands,
    mountDirectory,
    attempt,
    output: async (args) => {
      const result = await attempt(args);
      if (result.status !== 0) throw zfsFailed(setting.storage, args, result);
      return result.stdout.toString();
    },
  };
}

export function zfsFailed(storage: string, args: readonly string[], { status, said }: CommandResult) {
  return failed(storage, ["zfs", ...args], status, said);
}

export const isAbsent = ({ status, said }: CommandResult): boolean =>
  status !== 0 && /dataset does not exist|could not find any snapshots to destroy/i.test(said);

/** Lines of fields: `-H` separates them by tabs, which are in no name and in no value of umbra's. */
export function rowsOf(text: string): readonly (readonly string[])[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t"));
}

import { constants, copyFileSync } from "node:fs";

import { OraError } from "../../engine/ora-error.ts";
import { notCreated } from "../../instance/rman/read-datafile.ts";
import type { Channel } from "./channels.ts";
import { type Client, onChannel, server } from "./client.ts";
import type { BackupCommand } from "./commands.ts";
import { elapsed } from "./console.ts";
import { defaultFormat, formatName } from "./format-name.ts";
import { refused } from "./rman-error.ts";

/** BACKUP [AS COPY] CURRENT CONTROLFILE, and BACKUP SPFILE: one file, as it is. */
export async function backupFile(
  client: Client,
  channel: Channel,
  command: BackupCommand & { readonly what: "controlfile" | "spfile" },
  tag: string,
): Promise<void> {
  const { console, host } = client;
  const database = server(client);
  const { spfilePath } = host.instance;
  if (command.what === "spfile" && spfilePath === undefined)
    throw refused(6062, "can not backup SPFILE because the instance was not started with SPFILE");
  const startedAt = console.now();
  const on = `channel ${channel.name}:`;
  const format = command.format ?? channel.format ?? defaultFormat(host.instance.parameters, host.oracleHome);
  const set = database.sets.length + 1;
  const path = formatName(format, { control: database.control, now: startedAt, set, piece: 1 });
  const copy = command.asCopy && command.what === "controlfile";
  console.say(
    copy ? 8580 : 8008,
    copy ? `${on} starting datafile copy` : `${on} starting full datafile backup set`,
  );
  if (!copy) console.say(8010, `${on} specifying datafile(s) in backup set`);
  if (copy) console.say(undefined, "copying current control file");
  else if (command.what === "controlfile") console.say(8011, "including current control file in backup set");
  else console.say(8113, "including current SPFILE in backup set");
  if (!copy) console.say(8038, `${on} starting piece 1 at ${console.date(startedAt)}`);
  const made = await onChannel(client, "backup", channel, () => {
    if (command.what === "controlfile") return controlfile(client, path, tag, command.reuse);
    copySpfile(spfilePath ?? "", path, command.reuse);
    return database.remember({ path, tag, controlfile: false });
  });
  if (copy) {
    console.say(8586, `output file name=${path} tag=${tag} RECID=${made.recid} STAMP=${made.stamp}`);
    console.say(8581, `${on} datafile copy complete, elapsed time: ${elapsed(startedAt, console.now())}`);
    return;
  }
  console.say(8044, `${on} finished piece 1 at ${console.date()}`);
  console.say(8530, `piece handle=${path} tag=${tag} comment=NONE`);
  console.say(8540, `${on} backup set complete, elapsed time: ${elapsed(startedAt, console.now())}`);
}

function controlfile(client: Client, path: string, tag: string, reuse: boolean) {
  try {
    return server(client).controlfile(path, tag, reuse);
  } catch (error) {
    if (!(error instanceof OraError) || !error.message.includes("ORA-270")) throw error;
    const code = error.message.includes("ORA-27038") ? "EEXIST" : "ENOENT";
    throw notCreated(path, Object.assign(new Error(code), { code }));
  }
}

function copySpfile(from: string, to: string, reuse: boolean): void {
  try {
    copyFileSync(from, to, reuse ? 0 : constants.COPYFILE_EXCL);
  } catch (error) {
    throw notCreated(to, error);
  }
}

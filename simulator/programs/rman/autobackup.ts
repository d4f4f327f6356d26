import { existsSync } from "node:fs";

import { type Client, onChannel, server } from "./client.ts";
import { defaultFormat, defaultTag, formatName } from "./format-name.ts";

/** After each BACKUP where CONTROLFILE AUTOBACKUP is ON. Under %F a number tells those of one day apart. */
export async function autobackup(client: Client): Promise<void> {
  const { console, host, channels } = client;
  if (host.controlfileAutobackup !== true) return;
  const database = server(client);
  const now = console.now();
  console.print("\n");
  console.say(undefined, `Starting Control File and SPFILE Autobackup at ${console.date()}`);
  const format =
    client.settings.autobackupFormat ?? defaultFormat(host.instance.parameters, host.oracleHome, "%F");
  const nameOf = (number: number) =>
    formatName(format, { control: database.control, now, set: 0, piece: 1, number });
  let number = 0;
  while (existsSync(nameOf(number))) number += 1;
  const path = nameOf(number);
  const [channel] = channels.working();
  await onChannel(client, "backup", channel, () => database.controlfile(path, defaultTag(now), false));
  console.say(8530, `piece handle=${path} comment=NONE`);
  console.say(undefined, `Finished Control File and SPFILE Autobackup at ${console.date()}`);
}

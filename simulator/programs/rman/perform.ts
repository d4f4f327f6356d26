import type { LocalConnection } from "../sqlplus/connection.ts";
import { printRows } from "../sqlplus/print-rows.ts";
import { defaultSettings } from "../sqlplus/settings.ts";
import { autobackup } from "./autobackup.ts";
import { backup } from "./backup.ts";
import { type Client, requireAlive } from "./client.ts";
import type { Command } from "./commands.ts";
import { configureSnapshotControlfile, showSnapshotControlfile } from "./configure.ts";
import { list, reportSchema, validate } from "./list.ts";
import { catalog, crosscheck, deleteObjects, uncatalog } from "./maintain.ts";
import { recoverCopy } from "./recover-copy.ts";
import { framed, refused } from "./rman-error.ts";

type Kind = Command["kind"];
type CommandOf<K extends Kind> = Extract<Command, { readonly kind: K }>;
type Performer<K extends Kind> = (session: Session, command: CommandOf<K>) => Promise<void> | void;

interface Session {
  readonly client: Client;
  readonly connection: LocalConnection;
}

const performers: { readonly [K in Kind]: Performer<K> } = {
  run: (session, { commands }) => run(session, commands),
  allocate: async ({ client }, { channel, format }) => {
    if (!(await client.channels.allocate(channel, format)))
      throw refused(6405, `channel ${channel} is already allocated`);
  },
  release: async ({ client }, { channel }) => {
    if (!(await client.channels.release(channel))) throw refused(6012, `channel: ${channel} not allocated`);
  },
  backup: async ({ client }, command) => {
    await backup(client, command.backup);
    await autobackup(client);
  },
  "recover-copy": ({ client }, { recover }) => recoverCopy(client, recover),
  delete: ({ client }, { selection, force }) => deleteObjects(client, selection, force),
  crosscheck: ({ client }, { selection }) => crosscheck(client, selection),
  uncatalog: ({ client }, { selection }) => uncatalog(client, selection),
  catalog: ({ client }, command) => catalog(client, command.catalog),
  list: ({ client }, { selection }) => list(client, selection),
  validate: ({ client }, command) => validate(client, command.validate),
  "report-schema": ({ client }) => reportSchema(client),
  show: ({ client }) => showSnapshotControlfile(client),
  configure: ({ client }, { path }) => configureSnapshotControlfile(client, path),
  set: ({ client }, { text }) => {
    const [, format] = /^controlfile autobackup format for device type disk to (.*)$/iu.exec(text) ?? [];
    if (format !== undefined) client.settings.autobackupFormat = format;
    const words = format === undefined ? text.split(" ", 1) : ["CONTROLFILE AUTOBACKUP FORMAT"];
    client.console.print(`executing command: SET ${words[0]?.toUpperCase()}\n`);
  },
  sql: (session, command) => sql(session, command),
  connect: () => undefined,
  exit: () => undefined,
};

/** Words of a command in its error frame, where they are others. */
const FRAMES: Partial<Readonly<Record<Kind, string>>> = {
  "recover-copy": "recover",
  "report-schema": "report",
  uncatalog: "change",
  sql: "sql statement",
};

/** One command to its end. Throws RmanError with the whole stack. */
export function perform(client: Client, connection: LocalConnection, command: Command): Promise<void> {
  return performed({ client, connection }, command);
}

async function performed<K extends Kind>(session: Session, command: CommandOf<K>): Promise<void> {
  const { console } = session.client;
  const kind: K = command.kind;
  try {
    requireAlive(session.client);
    const performer: Performer<K> = performers[kind];
    await performer(session, command);
  } catch (error) {
    throw framed(FRAMES[kind] ?? kind, error, console.frameDate());
  }
}

/** Channels of the block go with it, also where a command of it fails; those behind it are not run then. */
async function run(session: Session, commands: readonly Command[]): Promise<void> {
  const { console, channels } = session.client;
  try {
    for (const command of commands) {
      await performed(session, command);
      console.print("\n");
    }
  } finally {
    await channels.releaseAll();
  }
}

async function sql(
  { client: { console }, connection }: Session,
  { sql: text, quoted }: CommandOf<"sql">,
): Promise<void> {
  if (quoted) console.say(6162, `sql statement: ${text}`);
  const result = await connection.execute(text, new AbortController().signal);
  if (result.kind === "query")
    console.print(printRows(result.columns, Array.from(result.rows), defaultSettings()));
  else if (!quoted) console.print("Statement processed\n");
  await connection.commit();
}

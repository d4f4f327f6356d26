import { type Client, server } from "./client.ts";

/** The only setting of CONFIGURE that is simulated; the others have their places in scripts. */
const NAME = "SNAPSHOT CONTROLFILE NAME";

/** SHOW SNAPSHOT CONTROLFILE NAME. */
export function showSnapshotControlfile(client: Client): void {
  const { console, host } = client;
  const { snapshotControlfile } = server(client);
  const uniqueName = host.instance.parameters.get("db_unique_name") ?? host.sid;
  console.print(`RMAN configuration parameters for database with db_unique_name ${uniqueName} are:\n`);
  console.print(
    `${setting(snapshotControlfile ?? defaultName(client))}${snapshotControlfile === undefined ? " # default" : ""}\n`,
  );
}

/** CONFIGURE SNAPSHOT CONTROLFILE NAME TO '…' or CLEAR. */
export function configureSnapshotControlfile(client: Client, path: string | undefined): void {
  const { console } = client;
  const backups = server(client);
  const before = backups.snapshotControlfile;
  if (before !== undefined) console.print(`old RMAN configuration parameters:\n${setting(before)}\n`);
  backups.nameSnapshotControlfile(path);
  if (path === undefined) {
    console.print("RMAN configuration parameters are successfully reset to default value\n");
    return;
  }
  console.print(`new RMAN configuration parameters:\n${setting(path)}\n`);
  console.print("new RMAN configuration parameters are successfully stored\n");
}

function setting(path: string): string {
  return `CONFIGURE ${NAME} TO '${path}';`;
}

function defaultName({ host }: Client): string {
  return `${host.oracleHome}/dbs/snapcf_${host.sid}.f`;
}

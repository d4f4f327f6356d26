import type { Program, ProgramHost } from "./program.ts";

/** The simulated Listener Control: `status` and `services` of the one listener, LISTENER. */
export const lsnrctl: Program = async (host, { argv, say }) => {
  const [command = "", name = "LISTENER"] = argv;
  const { listener, engine } = host;
  const version = `${engine.identity.version[0]}.0.0.0.0`;
  say(`\nLSNRCTL for Linux: Version ${version} - Production\n\n`);
  if (command !== "status" && command !== "services") {
    say(`NL-00853: undefined command "${command}".  Try "help"\n`);
    return 1;
  }
  if (listener === undefined || name.toUpperCase() !== "LISTENER") {
    say("Connecting to (ADDRESS=(PROTOCOL=tcp)(HOST=)(PORT=1521))\n");
    say("TNS-12541: TNS:no listener\n TNS-12560: TNS:protocol adapter error\n  TNS-00511: No listener\n");
    return 1;
  }
  const address = `(DESCRIPTION=(ADDRESS=(PROTOCOL=tcp)(HOST=${listener.host})(PORT=${listener.port})))`;
  say(`Connecting to ${address}\n`);
  if (command === "status")
    say(
      `STATUS of the LISTENER\n------------------------\nAlias                     LISTENER\nVersion                   TNSLSNR for Linux: Version ${version} - Production\nListening Endpoints Summary...\n  ${address}\n`,
    );
  const served = services(host, listener.staticServices);
  say(served.length === 0 ? "The listener supports no services\n" : "Services Summary...\n");
  for (const { service, instances } of served) {
    say(`Service "${service}" has ${instances.length} instance(s).\n`);
    for (const status of instances)
      say(`  Instance "${host.sid}", status ${status}, has 1 handler(s) for this service...\n`);
  }
  say("The command completed successfully\n");
  return 0;
};

interface Served {
  readonly service: string;
  /** A status for each registration: one by hand, one by the instance. */
  readonly instances: readonly string[];
}

const WORDS = { ready: "READY", blocked: "BLOCKED", restricted: "RESTRICTED" } as const;

/** Static ones are there always; those of the instance while it runs, blocked where it is not open. */
function services({ engine, instance }: ProgramHost, staticServices: readonly string[]): readonly Served[] {
  const { dbName, dbUniqueName } = engine.identity;
  const pdbs = instance.controlFile?.containers.filter(({ conId }) => conId > 2) ?? [];
  const registered = instance.state === "IDLE" ? [] : [dbUniqueName, dbName, ...pdbs.map(({ name }) => name)];
  const names = new Set([...staticServices, ...registered].map((name) => name.toUpperCase()));
  return [...names].toSorted().flatMap((service) => {
    const byHand = staticServices.some((name) => name.toUpperCase() === service);
    const status = byHand ? "unknown" : engine.service(service);
    const own = status === "unknown" ? [] : [WORDS[status]];
    const instances = [...(byHand ? ["UNKNOWN"] : []), ...own];
    return instances.length === 0 ? [] : [{ service, instances }];
  });
}

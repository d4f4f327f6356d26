import { resolve } from "node:path";

import { discoverHost } from "../../discover/host/discover-host.ts";
import type { HostReport } from "../../discover/host/found.ts";
import { type Places, usualPlaces } from "../../discover/host/hear.ts";
import { type Fleet, HERE, type HostConfig } from "../../domain/fleet.ts";
import type { FilePath } from "../../domain/names.ts";
import { isUmbraError, UmbraError } from "../../errors/umbra-error.ts";
import type { Declare } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { emptyFleet, fleetIfAny, isAbsent } from "../fleet-if-any.ts";
import { hostWays } from "../host-ways.ts";
import { discoverText } from "../render/discover.ts";
import { fleetYaml } from "../render/fleet-yaml.ts";
import type { Surroundings } from "../surroundings.ts";

/** For each single program there: srvctl starts a virtual machine, and sqlplus may meet an instance that hangs. */
const PROGRAM_MS = 30_000;

interface Options {
  readonly write?: string;
  readonly key?: string;
  readonly oratab?: readonly string[];
}

export const discover: Declare = (program, perform) => {
  program
    .command("discover")
    .description(
      "find the databases of a host, and what is missing to back each one up; changes nothing there",
    )
    .argument("<host>", "here, a name from `hosts` in the configuration, or user@address[:port]")
    .option("--write <file>", "write what was found as a new configuration file")
    .option("--key <file>", "private key for the login at an address")
    .option(
      "--oratab <path>",
      "oratab there, where it is not at a usual place; may be said again",
      (path: string, all: readonly string[] | undefined) => [...(all ?? []), path],
    )
    .action(
      perform(async (context, host: string, options: Options) => {
        const { around } = context;
        const target = options.write === undefined ? undefined : resolve(options.write);
        if (target !== undefined) await refuseExisting(around, target);
        const configured = await fleetIfAny(context);
        const fleet = configured ?? emptyFleet;
        const { report, way } = await firstThatOpens(context, { fleet, host, options });
        const text = discoverText(report);
        if (target === undefined) return { ok: true, kind: "discovered", data: report, text };
        const at = new Date().toISOString();
        const yaml = fleetYaml({ report, at, host: way, fleet: configured });
        if (!(await around.createFile(target, yaml))) throw new UmbraError("UMB-2007", { path: target });
        const data = { ...report, written: target };
        const next = `${target} was written: complete the lines with "fill in", then umbra config check`;
        return { ok: true, kind: "discovered", data, text: `${text}\n\n${next}` };
      }),
    );
};

async function refuseExisting({ readText }: Surroundings, path: string): Promise<void> {
  if (!(await isAbsent(() => readText(path)))) throw new UmbraError("UMB-2007", { path });
}

interface Asked {
  readonly fleet: Fleet;
  readonly host: string;
  readonly options: Options;
}

/** A login that is refused is not the last word while there is another. */
async function firstThatOpens(
  { around }: CommandContext,
  { fleet, host, options }: Asked,
): Promise<{ report: HostReport; way: HostConfig | undefined }> {
  const { key, oratab } = options;
  const ways = await hostWays(host, { fleet, around, ...(key === undefined ? {} : { key: resolve(key) }) });
  const places: Places =
    oratab === undefined ? usualPlaces : { ...usualPlaces, oratabs: oratab as readonly FilePath[] };
  let refused: unknown;
  for (const way of ways) {
    try {
      return { report: await looked(around, { fleet, host, way, places }), way };
    } catch (error) {
      if (!isOfLogin(error)) throw error;
      refused ??= error;
    }
  }
  throw refused;
}

/** The server was reached, but not with this key or agent: another may do. */
function isOfLogin(error: unknown): boolean {
  return isUmbraError(error) && ["UMB-7212", "UMB-7217", "UMB-7227"].includes(error.code);
}

async function looked(
  around: Surroundings,
  question: {
    readonly fleet: Fleet;
    readonly host: string;
    readonly way: HostConfig | undefined;
    readonly places: Places;
  },
): Promise<HostReport> {
  const { way, places } = question;
  const hosts = new Map(question.fleet.hosts);
  if (way !== undefined) hosts.set(way.name, way);
  await using opened = around.openHost({ ...question.fleet, hosts }, way?.name ?? HERE);
  return await discoverHost({
    name: question.host,
    host: opened.host,
    places,
    umbra: way === undefined ? undefined : (way.umbra ?? ["umbra"]),
    deadlineMs: PROGRAM_MS,
    signal: around.signal(),
  });
}

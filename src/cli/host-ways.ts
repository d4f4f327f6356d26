import { join } from "node:path";

import { didYouMean } from "../config/suggest.ts";
import { type Fleet, HERE, type HostConfig, type HostLogin } from "../domain/fleet.ts";
import { parseHostAddress } from "../domain/host-address.ts";
import { printable } from "../domain/human.ts";
import type { FilePath } from "../domain/names.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { isAbsent } from "./fleet-if-any.ts";
import type { Surroundings } from "./surroundings.ts";

/** What OpenSSH looks for, in its order of today. */
const USUAL_KEYS = ["id_ed25519", "id_ecdsa", "id_rsa"];

/**
 * The ways to a host that somebody named, the first that lets umbra in counts: `here`, a name of the configuration, or
 * user@host[:port], which is reached with the named key, else with the user's agent, else with the usual keys.
 * Errors: UMB-2005, UMB-2006.
 */
export async function hostWays(
  text: string,
  { fleet, around, key }: { readonly fleet: Fleet; readonly around: Surroundings; readonly key?: string },
): Promise<readonly (HostConfig | undefined)[]> {
  if (text === HERE) return [undefined];
  const known = fleet.hosts.get(text);
  if (known !== undefined) return [known];
  const at = text.lastIndexOf("@");
  const user = text.slice(0, Math.max(at, 0));
  const address = parseHostAddress(text.slice(at + 1));
  if (user === "" || address === undefined) {
    const suggestion = didYouMean(text, [HERE, ...fleet.hosts.keys()]);
    throw new UmbraError("UMB-2005", { name: printable(text), suggestion });
  }
  const logins =
    key === undefined ? await usualLogins(around) : [{ by: "key" as const, path: key as FilePath }];
  if (logins.length === 0) throw new UmbraError("UMB-2006", { host: printable(text) });
  return logins.map((login) => ({ name: nameFor(address.host, fleet), address, user, login }));
}

async function usualLogins({ env, readText }: Surroundings): Promise<readonly HostLogin[]> {
  const { SSH_AUTH_SOCK: socket = "", HOME: home = "" } = env;
  const agent: HostLogin[] = socket === "" ? [] : [{ by: "agent", socket: socket as FilePath }];
  const keys: HostLogin[] = [];
  for (const name of home === "" ? [] : USUAL_KEYS) {
    const path = join(home, ".ssh", name) as FilePath;
    if (!(await isAbsent(() => readText(path)))) keys.push({ by: "key", path });
  }
  return [...agent, ...keys];
}

/** A name as the configuration takes it: the first part of the host's, or its address with a word before. */
function nameFor(host: string, fleet: Fleet): string {
  const first = /^[a-z][a-z0-9-]*/u.exec(host)?.[0];
  const name = first ?? `host-${host.replaceAll(/[^a-z0-9]+/gu, "-").replaceAll(/^-|-$/gu, "")}`;
  if (name !== HERE && !fleet.hosts.has(name)) return name.slice(0, 64);
  return `${name.slice(0, 60)}-new`;
}

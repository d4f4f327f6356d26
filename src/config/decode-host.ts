import type { z } from "zod";

import type { HostConfig, HostLogin } from "../domain/fleet.ts";
import type { FilePath } from "../domain/names.ts";
import { secretReference } from "./decode-secret.ts";
import type { hostSchema } from "./host-schema.ts";

type Written = z.output<typeof hostSchema>;

/** From the words of the file to those of the domain. */
export function decodeHost(name: string, written: Written): HostConfig {
  const { address, user, via, become, umbra } = written;
  return {
    name,
    address,
    user,
    login: loginOf(written),
    ...(via === undefined ? {} : { via }),
    ...(become === undefined ? {} : { become }),
    ...umbraOf(umbra),
  };
}

function umbraOf(umbra: Written["umbra"]): Pick<HostConfig, "umbra" | "forcedCommand"> {
  if (umbra === undefined) return {};
  // What is asked for by name is not what the forced command starts, but the log of the ssh server shows it.
  return typeof umbra === "string" ? { umbra: ["umbra"], forcedCommand: true } : { umbra };
}

/** The schema has seen to it that there is exactly one. */
function loginOf({ key, passphrase, agent, password = {} }: Written): HostLogin {
  if (agent !== undefined) return { by: "agent", socket: agent as FilePath };
  if (key === undefined) return { by: "password", password: secretReference(password) };
  const secret = passphrase === undefined ? {} : { passphrase: secretReference(passphrase) };
  return { by: "key", path: key as FilePath, ...secret };
}

import { HERE } from "../../domain/fleet.ts";
import type { Draft } from "../draft.ts";
import type { Finding } from "../problem.ts";

/** A copy that nobody reads proves nothing: umbra is where the data is, or where the storage is mounted too. */
export function proofOfCopies({ databases, storages, hosts }: Draft): readonly Finding[] {
  return databases.flatMap(({ name, host, storage = "", place }) => {
    const config = hosts.configs.get(host ?? HERE);
    const mounted = storages.configs.get(storage)?.host;
    if (!storages.configs.has(storage) || config === undefined || config.umbra !== undefined) return [];
    const other = mounted === host ? undefined : mounted;
    if (other === HERE || (other !== undefined && hosts.configs.get(other)?.umbra !== undefined)) return [];
    // Of one that is not right in itself nothing is known.
    if (other !== undefined && !hosts.configs.has(other)) return [];
    const text =
      `databases.${name}.host is ${host}, where nobody can check copies: ` +
      `give hosts.${host}.umbra, or storages.${storage}.host where the storage is mounted too`;
    return [{ at: place(["host"]), text }];
  });
}

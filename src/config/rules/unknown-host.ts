import { HERE } from "../../domain/fleet.ts";
import type { Draft } from "../draft.ts";
import type { Place } from "../located.ts";
import type { Finding } from "../problem.ts";
import { didYouMean } from "../suggest.ts";

/** Hosts are named by databases, storages and the hosts behind them. */
export function unknownHost({ databases, storages, hosts }: Draft): readonly Finding[] {
  const known = hosts.names;
  const check = (setting: string, host: string | undefined, at: Place, also: readonly string[] = []) => {
    if (host === undefined || known.includes(host) || also.includes(host)) return [];
    const suggestion = didYouMean(host, [...known, ...also]);
    return [{ at, text: `${setting} names no host: ${host}${suggestion}` }];
  };
  return [
    ...databases.flatMap(({ name, host, place }) => check(`databases.${name}.host`, host, place(["host"]))),
    ...[...storages.configs.values()].flatMap(({ name, host }) =>
      check(`storages.${name}.host`, host, storages.place([name, "host"]), [HERE]),
    ),
    ...[...hosts.configs.values()].flatMap(({ name, via }) =>
      check(`hosts.${name}.via`, via, hosts.place([name, "via"])),
    ),
  ];
}

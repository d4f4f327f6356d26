import { counted, printable } from "../../domain/human.ts";
import { nameOf } from "../../discover/host/candidates.ts";
import type { FoundDatabase, Gap, HostReport } from "../../discover/host/found.ts";
import { indented, section, table } from "../table.ts";

/** The databases of a host, what is missing to back each one up, and what could not be looked at. */
export function discoverText(report: HostReport): string {
  const { databases, problems } = report;
  return [
    hostText(report),
    databases.length === 0 ? "" : tableText(databases),
    ...databases.map(databaseText),
    section(
      "Not looked at",
      problems.map(({ seen, todo }) => `${printable(seen)}\n  to do: ${printable(todo)}`).join("\n"),
    ),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function hostText({ host, account, gridHome, umbra, databases }: HostReport): string {
  const living = databases.filter(({ kind, dead }) => kind === "database" && dead === undefined);
  const groups = account === undefined ? "" : `, groups ${account.groups.join(" ")}`;
  return [
    `${host}: ${counted(living.length, "database")}, looked at as ${account?.user ?? "?"}${groups}`,
    ...(gridHome === undefined ? [] : [`Grid Infrastructure in ${gridHome.value} (${gridHome.from})`]),
    ...(umbra === undefined ? [] : [`umbra ${umbra} runs there`]),
  ]
    .map(printable)
    .join("\n");
}

function tableText(databases: readonly FoundDatabase[]): string {
  return table<FoundDatabase>(
    [
      { title: "DATABASE", value: nameOf },
      { title: "SID", value: ({ sid }) => sid?.value ?? "" },
      { title: "STATE", value: stateText },
      { title: "ROLE", value: ({ role }) => role?.value ?? "?" },
      { title: "LOG MODE", value: ({ logMode }) => logMode?.value ?? "?" },
      { title: "VERSION", value: ({ version }) => version?.value ?? "?" },
      { title: "EDITION", value: ({ edition }) => edition?.value ?? "?" },
      { title: "DBID", value: ({ dbid }) => dbid?.value ?? "?", right: true },
      { title: "HOME", value: ({ home }) => home?.value ?? "?" },
    ],
    databases,
  );
}

function stateText({ kind, dead, state, openMode, runs }: FoundDatabase): string {
  if (kind !== "database") return kind;
  if (dead !== undefined) return "dead entry";
  return openMode?.value ?? state?.value ?? (runs ? "runs" : "?");
}

function databaseText(found: FoundDatabase): string {
  const seen = `seen in ${found.seenIn.join(", ")}`;
  return (
    printable(`${nameOf(found)}: ${verdict(found)}`) +
    `\n${indented([printable(seen), ...gapLines(found)].join("\n"))}`
  );
}

/** Backups that nothing known stands in the way of. */
function possibleBackups({ gaps, kind, dead }: FoundDatabase): readonly ("hot" | "cold")[] {
  if (kind !== "database" || dead !== undefined) return [];
  return (["hot", "cold"] as const).filter((backup) => !gaps.some(({ stops }) => stops.includes(backup)));
}

const GRID = "belongs to Grid Infrastructure and needs no backup of its own";

function verdict(found: FoundDatabase): string {
  if (found.kind !== "database") return GRID;
  if (found.dead !== undefined) return `not a database: ${found.dead}`;
  const possible = possibleBackups(found);
  if (possible.length === 0) return "no backup is possible yet";
  return `${possible.join(" and ")} backup possible${possible.length === 2 ? "" : ", the other not yet"}`;
}

function gapLines({ gaps, services }: FoundDatabase): readonly string[] {
  const served = [...new Set(services.map(serviceText))].join(", ");
  return [...(served === "" ? [] : [printable(`services ${served}`)]), ...gaps.flatMap(gapText)];
}

function serviceText({ service, status }: FoundDatabase["services"][number]): string {
  return `${service} (${status === "UNKNOWN" ? "static" : status})`;
}

function gapText({ stops, seen, todo, rule }: Gap): readonly string[] {
  const what = stops.length === 0 ? "to know" : `stops ${stops.join(" and ")}`;
  const by = rule === undefined ? "" : ` (rule ${rule})`;
  return [printable(`${what}: ${seen}`), printable(`  to do${by}: ${todo}`)];
}

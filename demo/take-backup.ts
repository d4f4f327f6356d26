import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Manifest } from "../src/domain/manifest.ts";
import { type AgentSetting, umbra } from "./agent.ts";
import type { Narrator } from "./narrator.ts";

export interface TakenBackup {
  readonly id: string;
  readonly directory: string;
  readonly manifest: Manifest;
}

/** Takes a backup of DEMO by `umbra backup` with these words, and finds it in the catalog. */
export async function takeBackup(
  setting: AgentSetting,
  tell: Narrator,
  kind: "hot" | "cold",
  ...options: readonly string[]
): Promise<TakenBackup> {
  tell.say((await umbra(setting, "backup", kind, "DEMO", ...options)).trimEnd());
  const listed = JSON.parse(await umbra(setting, "list", "DEMO", "--output", "json")) as {
    readonly backups: readonly { readonly id: string; readonly directory: string }[];
  };
  const newest = listed.backups.at(-1);
  if (newest === undefined) throw new Error("the catalog has no backup");
  const text = readFileSync(join(newest.directory, "manifest.json"), "utf8");
  return { id: newest.id, directory: newest.directory, manifest: JSON.parse(text) as Manifest };
}

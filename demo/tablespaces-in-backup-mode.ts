import { type AgentSetting, umbra } from "./agent.ts";

interface InventoryOutput {
  readonly datafiles: readonly {
    readonly container: string;
    readonly tablespace: string;
    readonly backup: { readonly active: boolean };
  }[];
}

/** Asked of the database itself, by `umbra inventory`. */
export async function tablespacesInBackupMode(setting: AgentSetting): Promise<number> {
  const inventory = JSON.parse(
    await umbra(setting, "inventory", "DEMO", "--output", "json"),
  ) as InventoryOutput;
  const active = inventory.datafiles.filter((file) => file.backup.active);
  return new Set(active.map((file) => `${file.container}:${file.tablespace}`)).size;
}

const DEFAULT_CONFIG_PATH = "/etc/umbra/umbra.yaml";

/** `--config` wins over $UMBRA_CONFIG, and that over the default path. */
export function configPath(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  return option ?? (env["UMBRA_CONFIG"] || DEFAULT_CONFIG_PATH);
}

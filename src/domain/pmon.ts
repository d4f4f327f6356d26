/** What the first letters of a PMON process tell about its instance. */
export type InstanceKind = "database" | "asm" | "management" | "proxy";

/**
 * Prefixes of PMON: `ora` everywhere, `db` of the free edition since 23ai, `xe` of Express Edition up to 11.2, `mdb` of
 * the management repository, `asm`, and the proxies `apx` and `ios`.
 */
const KINDS: Readonly<Record<string, InstanceKind>> = {
  ora: "database",
  db: "database",
  xe: "database",
  mdb: "management",
  asm: "asm",
  apx: "proxy",
  ios: "proxy",
};

/** For the start of a process's name, as grep -E takes it. */
export const PMON_PREFIX = `(${Object.keys(KINDS).join("|")})_pmon_`;
const PMON = new RegExp(`^${PMON_PREFIX}(\\S+)$`, "u");

/** The instance whose PMON has this name; undefined for every other process. */
export function pmonOf(name: string): { readonly sid: string; readonly kind: InstanceKind } | undefined {
  const [, prefix = "", sid = ""] = PMON.exec(name) ?? [];
  const kind = KINDS[prefix];
  return kind === undefined ? undefined : { sid, kind };
}

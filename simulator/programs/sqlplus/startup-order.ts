import type { ShutdownMode, StartupOrder } from "../instance-operations.ts";

/** STARTUP [FORCE] [RESTRICT] [PFILE=file] [QUIET] [NOMOUNT | MOUNT [name] | OPEN [READ ONLY|READ WRITE] [name]]. */
export function readStartup(text: string): (StartupOrder & { readonly force: boolean }) | undefined {
  const [, quoted, plain] = /\bpfile\s*=\s*(?:['"]([^'"]*)['"]|(\S+))/iu.exec(text) ?? [];
  const pfile = quoted ?? plain;
  const words = text
    .replace(/\bpfile\s*=\s*(?:'[^']*'|"[^"]*"|\S+)/iu, " ")
    .toUpperCase()
    .split(/\s+/u)
    .filter((word) => word !== "");
  const has = (word: string) => words.includes(word);
  const target = words.findIndex((word) => ["NOMOUNT", "MOUNT", "OPEN"].includes(word));
  const options = target === -1 ? words : words.slice(0, target);
  if (options.some((word) => !["FORCE", "RESTRICT", "QUIET"].includes(word))) return undefined;
  return {
    to: has("NOMOUNT") ? "NOMOUNT" : has("MOUNT") ? "MOUNT" : "OPEN",
    readOnly: has("READ") && has("ONLY"),
    restricted: has("RESTRICT"),
    force: has("FORCE"),
    ...(pfile !== undefined && { pfile }),
  };
}

/** SHUTDOWN without a word is NORMAL. */
export function readShutdown(text: string): ShutdownMode | undefined {
  const word = text.trim().toUpperCase();
  if (word === "") return "NORMAL";
  return (["NORMAL", "TRANSACTIONAL", "IMMEDIATE", "ABORT"] as const).find((mode) => mode === word);
}

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export const projectRoot = fileURLToPath(new URL("..", import.meta.url));

/** Every hand-written TypeScript file of the project, as paths from its root. */
export function sourceFiles(
  folders = ["src", "storage-adapters", "simulator", "test", "bench", "demo", "scripts"],
): string[] {
  return folders.flatMap((folder) => walk(folder));
}

function walk(folder: string): string[] {
  let entries;
  try {
    entries = readdirSync(join(projectRoot, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts") ? [path] : [];
  });
}

export function textOf(path: string): string {
  return readFileSync(join(projectRoot, path), "utf8");
}

/** Modules that a file imports: project paths for relative imports, bare names for packages. */
export function importsOf(path: string): string[] {
  const found = textOf(path).matchAll(
    /^(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"'\n]+)["']|^import\s*["']([^"'\n]+)["']|\bimport\(\s*["']([^"'\n]+)["']\s*\)/gm,
  );
  return [...found].map((m) => {
    const module = m[1] ?? m[2] ?? m[3] ?? "";
    return module.startsWith(".") ? normalize(join(dirname(path), module)) : module;
  });
}

import { spawnSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Compiles a script of `bench/` and all it imports into a folder, as `npm run build` does, and gives its path there. `more`: scripts that are started by
 * their path. What is shipped is measured: from source, Node's removal of types costs memory in every thread.
 */
export function shipped(
  folder: string,
  script: "copy-once" | "refresh-once" | "cold-measure",
  more: readonly string[] = [],
): string {
  const config = join(folder, "tsconfig.json");
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(root, "tsconfig.build.json"),
      compilerOptions: {
        outDir: folder,
        rootDir: root,
        sourceMap: false,
        typeRoots: [join(root, "node_modules/@types")],
      },
      include: [
        join(root, `bench/${script}.ts`),
        join(root, "src/copy"),
        ...more.map((path) => join(root, path)),
      ],
    }),
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const tsc = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", config], { encoding: "utf8" });
  if (tsc.status !== 0) throw new Error(`tsc failed: ${tsc.stdout}${tsc.stderr}${String(tsc.error ?? "")}`);
  return join(folder, `bench/${script}.js`);
}

import { describe, expect, test } from "vitest";

import { importsOf, sourceFiles } from "./source-tree.ts";

const pure = ["src/domain"];
const planners = ["src/plan", "src/coverage", "src/retention"];
const readers = ["src/formats", "src/copy"];
const lower = [...pure, ...planners, "src/ports", "src/errors", ...readers];
/** What a storage adapter promises, and what is made of it alone; the adapters themselves are known to wire.ts. */
const storage = [
  "storage-adapters/contract.ts",
  "storage-adapters/picture.ts",
  "storage-adapters/promises.ts",
];

/** Who may import whom inside the project: folder → folders it may import besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  "src/domain": [],
  "src/plan": pure,
  "src/coverage": pure,
  "src/retention": [...pure, "src/coverage"],
  "src/errors": pure,
  "src/ports": pure,
  "src/formats": [...pure, "src/ports", "src/errors"],
  "src/copy": [...pure, "src/ports", "src/errors", "src/formats"],
  // What both sides of a connection to a far umbra must agree on.
  "src/remote": [...pure, "src/ports", "src/errors"],
  "src/state": lower,
  "src/discover": [...lower, "src/state", "src/run/world.ts", ...storage],
  "src/run": [...lower, "src/state", "src/discover", ...storage],
  // The shapes of the storages' settings; no adapter comes with them.
  "src/config": [...pure, "src/ports", "src/errors", "storage-adapters/settings.ts"],
  "src/doctor": [...lower, "src/state", "src/run"],
  "src/adapters": [...pure, "src/ports", "src/errors", "src/remote", ...readers],
  "storage-adapters": [...pure, "src/ports", "src/errors"],
  "src/cli": [
    ...lower,
    "src/remote",
    "src/state",
    "src/discover",
    "src/run",
    "src/config",
    "src/doctor",
    ...storage,
  ],
  "src/queue": [...lower, "src/state", "src/discover", "src/run", "src/config"],
  "src/umbra.ts": ["src/main.ts", "src/copy/huge-pages.ts"],
  "src/wire.ts": ["src", "storage-adapters"],
  "src/wire": ["src", "storage-adapters"],
  "src/main.ts": ["src", "storage-adapters"],
  simulator: [...pure, "src/ports", "src/errors"],
  demo: ["src", "simulator"],
};

/** Packages that only one place may know, so that they can be exchanged there. */
const packageHomes: Readonly<Record<string, readonly string[]>> = {
  oracledb: ["src/adapters/oracledb"],
  kysely: ["src/state"],
  "node:sqlite": ["src/state", "simulator/sql"],
  yaml: ["src/config", "src/cli"],
  zod: ["src/config", "src/discover", "src/state", "scripts/gen", "storage-adapters"],
  commander: ["src/cli", "src/main.ts"],
  ssh2: ["src/adapters/ssh"],
};

const home = (path: string): string | undefined =>
  Object.keys(allowed)
    .filter((folder) => path === folder || path.startsWith(`${folder}/`))
    .toSorted((a, b) => b.length - a.length)[0];
const inside = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
const files = sourceFiles(["src", "storage-adapters", "simulator", "demo"]);

describe("architecture", () => {
  test("the table of layers sees the project's files", () => {
    expect(files.length).toBeGreaterThan(30);
    expect(files.filter((file) => home(file) === undefined)).toEqual([]);
  });

  test("each layer imports only the layers below it", () => {
    const wrong = files.flatMap((file) => {
      const layer = home(file) ?? "";
      return importsOf(file)
        .filter((module) => /^(src|storage-adapters|simulator|test|bench|demo|scripts)\//.test(module))
        .filter(
          (module) =>
            !inside(module, layer) && !(allowed[layer] ?? []).some((folder) => inside(module, folder)),
        )
        .map((module) => `${file} → ${module}`);
    });
    expect(wrong).toEqual([]);
  });

  test("nothing that ships imports the simulator, the tests or the tools", () => {
    const wrong = sourceFiles(["src", "storage-adapters"]).filter((file) =>
      importsOf(file).some((module) => /^(simulator|test|bench|demo|scripts)\//.test(module)),
    );
    expect(wrong).toEqual([]);
  });

  test("a package that could be exchanged is known in one place only", () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter(
          (module) => packageHomes[module] && !packageHomes[module].some((folder) => inside(file, folder)),
        )
        .map((module) => `${file} → ${module}`),
    );
    expect(wrong).toEqual([]);
  });

  test("domain and planners are pure: no package and no node: module", () => {
    const wrong = sourceFiles(["src/domain", "src/plan"]).flatMap((file) =>
      importsOf(file)
        .filter((module) => !module.startsWith("src/"))
        .map((module) => `${file} → ${module}`),
    );
    expect(wrong).toEqual([]);
  });
});

import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
  openSync,
  readSync,
  closeSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { encodeSpfile } from "../../../../simulator/files/spfile.ts";
import type { OpenInstance } from "../../../../simulator/instance/open-instance.ts";
import { parameterText } from "../../../../simulator/instance/parameters.ts";
import { openInstance } from "../../../../simulator/instance/start-database.ts";

/** A folder of the test's own, gone with the test. */
export function disposableFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), "umbra-sim-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Small numbers from a seed: the same seed, the same run. */
export function seeded(seed: number): () => number {
  let state = (seed ^ 0x9e37_79b9) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Copies a file in pieces smaller than a block, and lets others run between them: as a slow backup tool does. */
export async function copySlowly(
  from: string,
  to: string,
  between: () => Promise<void>,
  chunk = 4096,
): Promise<void> {
  mkdirSync(dirname(to), { recursive: true });
  const source = openSync(from, "r");
  const target = openSync(to, "w");
  try {
    const buffer = Buffer.alloc(chunk);
    for (let at = 0; ; at += chunk) {
      const read = readSync(source, buffer, 0, chunk, at);
      if (read === 0) return;
      writeSync(target, buffer, 0, read, at);
      await between();
    }
  } finally {
    closeSync(source);
    closeSync(target);
  }
}

/** A second home for copies of a database: same names below another base, with a control file that knows the new paths. */
export async function mountRestored(options: {
  /** Parameters of the instance that was backed up. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly base: string;
  readonly controlfile: string;
  readonly copies: ReadonlyMap<string, string>;
  readonly logs: string;
}): Promise<OpenInstance> {
  const { base } = options;
  const control = join(base, "control01.ctl");
  mkdirSync(join(base, "dbs"), { recursive: true });
  cpSync(options.controlfile, control);
  const parameters = new Map(options.parameters);
  parameters.set("control_files", control);
  parameters.set("log_archive_dest_1", `LOCATION=${options.logs}`);
  for (const name of ["instance_name", "background_dump_dest", "diagnostic_dest"]) parameters.delete(name);
  writeFileSync(join(base, "dbs", "spfileCOPY.ora"), encodeSpfile(parameterText(parameters)));
  const restored = openInstance({ base, name: "COPY", now: () => new Date(), idle: () => Promise.resolve() });
  await restored.startup({ to: "MOUNT" });
  for (const [path, copy] of options.copies) await restored.renameFile(path, copy);
  for (const group of restored.controlFile?.logGroups ?? []) {
    for (const member of Array.from(group.members))
      await restored.renameFile(member, join(base, `redo${group.group}.log`));
  }
  return restored;
}

import { z } from "zod";

import type { Manifest } from "../domain/manifest.ts";

const decimal = z.string().regex(/^\d{1,20}$/, "must be decimal digits");
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex");
/** Relative and downwards only: a manifest must not lead out of its backup. */
const name = z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+$/, "must be a path inside the backup");
const file = z.object({ name, bytes: z.number().int().nonnegative(), sha256 });

const datafile = file.extend({
  file: z.number().int().positive(),
  creationScn: decimal,
  relativeFile: z.number().int(),
  bigfile: z.boolean(),
  container: z.string(),
  tablespace: z.string(),
  source: z.string(),
  blockSize: z.number().int().positive(),
  mode: z.enum(["backup-mode", "consistent", "rman"]),
  needsRecovery: z.boolean(),
  checkpointScn: decimal,
  hotBackup: z.boolean(),
  resetlogsScn: decimal,
  blocks: z.record(z.string(), z.number()),
  grownBytes: z.number().optional(),
});

const common = z.object({
  format: z.literal(1),
  backup: z.string().min(1),
  database: z.string().min(1),
  startedAt: z.string(),
  finishedAt: z.string(),
  whole: z.boolean(),
  identity: z.object({
    dbid: decimal,
    name: z.string(),
    uniqueName: z.string(),
    cdb: z.boolean(),
    resetlogsScn: decimal,
    resetlogsId: decimal,
    platform: z.string(),
  }),
  scns: z.object({
    neededFrom: decimal,
    minimumRecovery: decimal,
    recoverableTo: decimal,
    threads: z.array(z.number().int()),
  }),
  datafiles: z.array(datafile),
  absent: z.array(
    z.object({
      file: z.number().int(),
      creationScn: decimal,
      source: z.string(),
      why: z.enum(["dropped", "created-later"]),
    }),
  ),
  logs: z.array(
    file.extend({
      thread: z.number().int(),
      sequence: z.number().int(),
      resetlogsId: decimal,
      firstScn: decimal,
      nextScn: decimal,
      blockSize: z.number().int(),
    }),
  ),
  controlfile: file,
  controlfileScript: file,
  parameterText: file.optional(),
  spfile: file.optional(),
  passwordFile: file.optional(),
  restoreNotes: file.optional(),
  tempfiles: z.array(
    z.object({
      container: z.string(),
      tablespace: z.string(),
      path: z.string(),
      bytes: z.number(),
      autoextensible: z.boolean(),
    }),
  ),
  onlineLogs: z.array(
    z.object({ thread: z.number(), group: z.number(), bytes: z.number(), members: z.array(z.string()) }),
  ),
  controlfilePaths: z.array(z.string()),
  wallets: z.array(z.object({ type: z.string(), location: z.string(), status: z.string() })),
  blockChangeTracking: z.string().optional(),
  version: z.string(),
  patches: z.array(z.string()),
  notes: z.array(z.string()),
});

const cold = z.object({
  consistent: z.literal(true),
  mode: z.enum(["plain", "pre-copy", "snapshot"]),
  logMode: z.string(),
  checkpointScn: decimal,
  downtimeSeconds: z.number().nonnegative(),
  copiedBytes: z.number().nonnegative(),
  copySeconds: z.number().nonnegative(),
  proof: z.object({
    headersOnDisk: z.number().int().positive(),
    headersInMount: z.number().int().positive(),
    controlfileMembers: z.number().int().positive(),
    startedAt: z.string(),
  }),
});

const refreshedDatafile = datafile.extend({
  sha256: sha256.optional(),
  recoverFrom: decimal,
  usableFrom: decimal,
  madeBy: z.string().min(1),
  refreshedBy: z.string().min(1),
  comparedAt: z.string().optional(),
  changesFrom: z
    .object({
      storage: z.string().min(1),
      volume: z.string().min(1),
      snapshot: z.string().min(1),
      inside: name,
      checkpointScn: decimal,
    })
    .optional(),
});
const identity = { file: z.number().int().positive(), creationScn: decimal, run: z.string().min(1) };

const skew = z.number().int();
const snapshotParts = {
  datafiles: z
    .array(
      datafile.extend({
        sha256: sha256.optional(),
        mode: z.enum(["backup-mode", "consistent", "snapshot-time"]),
        storage: z.string().min(1),
        volume: z.string().min(1),
        snapshot: z.string().min(1),
        inside: name,
      }),
    )
    .min(1),
  snapshots: z
    .array(
      z.object({
        storage: z.string().min(1),
        volume: z.string().min(1),
        mountPoint: z.string(),
        name: z.string().min(1),
        id: z.string(),
        createdAt: z.string(),
        tag: z.object({ agent: z.string(), database: z.string(), run: z.string() }),
        byHand: z.object({ make: z.array(z.string()), undo: z.array(z.string()) }).optional(),
      }),
    )
    .min(1),
  suspended: z.boolean(),
  snapshotTime: z
    .object({
      utc: z.string(),
      local: z.string(),
      completedAt: z.string(),
      databaseSkewMs: skew,
      hostSkewMs: skew,
      uncertaintyMs: skew,
      marginMs: skew,
    })
    .optional(),
};

const manifest = z.discriminatedUnion("kind", [
  common.extend({ kind: z.literal("snapshot"), ...snapshotParts }),
  common.extend({ kind: z.literal("hot"), datafiles: z.array(datafile).min(1) }),
  common.extend({
    kind: z.literal("cold"),
    cold,
    kept: z.array(datafile.extend({ backup: z.string().min(1), directory: name })),
    onlineRedo: z.array(
      file.extend({ thread: z.number().int(), group: z.number().int(), source: z.string() }),
    ),
  }),
  common.extend({
    kind: z.literal("refreshed"),
    engine: z.enum(["blocks", "rman"]),
    run: z.string().min(1),
    datafiles: z.array(refreshedDatafile).min(1),
    dirty: z.array(z.object({ ...identity, since: z.string() })),
    dropped: z.array(z.object({ ...identity, name })),
  }),
]);

export function manifestText(value: Manifest): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** A manifest from its file's text; `problem` names the first thing that is wrong, with its place. */
export function parseManifest(
  text: string,
): { readonly ok: true; readonly manifest: Manifest } | { readonly ok: false; readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problem: "it is not JSON, or was cut off" };
  }
  const parsed = manifest.safeParse(value);
  if (parsed.success) return { ok: true, manifest: parsed.data as Manifest };
  const [issue] = parsed.error.issues;
  return { ok: false, problem: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not as expected"}` };
}

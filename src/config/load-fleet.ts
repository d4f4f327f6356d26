import type { DatabaseConfig, Fleet, OracleClientConfig } from "../domain/fleet.ts";
import type { FilePath } from "../domain/names.ts";
import { decodeDatabase } from "./decode-database.ts";
import { mapAt, placeText, readDocuments, type ReadText } from "./documents.ts";
import { type Draft, draftDatabase, type DraftDatabase } from "./draft.ts";
import { hostsOf, oracleClientOf, storagesOf } from "./draft-parts.ts";
import { inherited } from "./inherit.ts";
import { entryAt, type Located, type LocatedEntry, plain } from "./located.ts";
import { type Origins, originsOf } from "./origins.ts";
import { type Finding, type Problem, problemsOf } from "./problem.ts";
import { rules } from "./rules.ts";
import { DEFAULT_STATE_DIRECTORY, effectiveSchema, fileSchema } from "./schema.ts";
import { validate } from "./validate.ts";

export type LoadedFleet =
  | { readonly ok: true; readonly fleet: Fleet; readonly origins: Origins }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface LoadOptions {
  /** Discovery comes before the first database. */
  readonly withoutDatabases?: boolean;
}

/** Reads the configuration and everything it includes. All problems at once; never throws for what a user wrote. */
export async function loadFleet(
  path: string,
  readText: ReadText,
  { withoutDatabases = false }: LoadOptions = {},
): Promise<LoadedFleet> {
  const { tree, findings, sources } = await readDocuments(path, readText);
  const storages = storagesOf(tree);
  const read = [...mapAt(tree, "databases")].map(([name, own]) => readDatabase(tree, name, own, storages));
  const oracleClient = entryAt(tree, ["oracle-client"]) !== undefined;
  const parts = { storages, hosts: hostsOf(tree), oracleClient, ...stateOf(tree) };
  const draft: Draft = { databases: read.map((one) => one.draft), ...parts };
  const broken = new Set(findings.map(({ at }) => placeText(at)));
  // What is wrong in `defaults` would be found again in every database: once is enough.
  const further = read.flatMap((one) => one.findings).filter((finding) => !broken.has(placeText(finding.at)));
  const all = [...findings, ...further, ...rules.flatMap((rule) => rule(draft))];
  if (read.length === 0 && all.length === 0 && !withoutDatabases) {
    all.push({ at: tree.at, text: "databases is missing: at least one database must be configured" });
  }
  if (all.length > 0) return { ok: false, problems: problemsOf(all, sources) };
  const configs = read.flatMap((one) => one.config ?? []);
  return { ok: true, fleet: frozenFleet(configs, draft, oracleClientOf(tree)), origins: originsOf(draft) };
}

interface ReadDatabase {
  readonly draft: DraftDatabase;
  readonly config: DatabaseConfig | undefined;
  readonly findings: readonly Finding[];
}

function readDatabase(
  tree: Located,
  name: string,
  own: LocatedEntry,
  storages: Draft["storages"],
): ReadDatabase {
  const effective = inherited(tree, name);
  const draft = draftDatabase(name, own, effective.tree, storages.configs);
  // Without its `like` a database lacks what it would have inherited: that says nothing new.
  const known = effective.findings.length > 0 || own.value.kind !== "map";
  if (known) return { draft, config: undefined, findings: effective.findings };
  const part = { tree: effective.tree, own: own.value, prefix: ["databases", name] };
  const decoded = validate(effectiveSchema, part, plain(effective.tree));
  const findings = decoded.findings.map((f) => (f.at === own.value.at ? { ...f, at: own.key } : f));
  const area = draft.backupArea;
  const config = decoded.value && area !== undefined ? decodeDatabase(name, decoded.value, area) : undefined;
  return { draft, config, findings };
}

function stateOf(tree: Located): Pick<Draft, "stateDirectory" | "statePlace" | "agent"> {
  const written = entryAt(tree, ["state"]);
  const agent = entryAt(tree, ["agent"]);
  const decoded = fileSchema.shape.state.safeParse(written === undefined ? undefined : plain(written.value));
  return {
    stateDirectory: decoded.success ? ((decoded.data ?? DEFAULT_STATE_DIRECTORY) as FilePath) : undefined,
    statePlace: written?.value.at ?? tree.at,
    agent: agent === undefined ? undefined : fileSchema.shape.agent.safeParse(plain(agent.value)).data,
  };
}

function frozenFleet(
  configs: readonly DatabaseConfig[],
  draft: Draft,
  oracleClient: OracleClientConfig | undefined,
): Fleet {
  return Object.freeze({
    databases: new Map(configs.map((config) => [config.name, deepFreeze(config)])),
    storages: frozenMap(draft.storages.configs),
    hosts: frozenMap(draft.hosts.configs),
    stateDirectory: draft.stateDirectory ?? (DEFAULT_STATE_DIRECTORY as FilePath),
    ...(draft.agent === undefined ? {} : { agent: draft.agent }),
    ...(oracleClient === undefined ? {} : { oracleClient: deepFreeze(oracleClient) }),
  });
}

function frozenMap<T>(configs: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...configs].map(([name, config]) => [name, deepFreeze(config)]));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}

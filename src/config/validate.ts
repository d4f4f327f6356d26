import { z } from "zod";

import { type ConfigPath, entryAt, type Located, placeOf } from "./located.ts";
import type { Finding } from "./problem.ts";
import { didYouMean } from "./suggest.ts";

/**
 * Decodes a part of the configuration, and turns what is wrong into findings at their places.
 * `prefix` is the part's path, for the texts; `own` is where missing things should have been written.
 */
export function validate<T extends z.ZodType>(
  schema: T,
  part: { readonly tree: Located; readonly own?: Located; readonly prefix: ConfigPath },
  value: unknown,
): { value: z.output<T> | undefined; findings: readonly Finding[] } {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data, findings: [] };
  const findings = result.error.issues.flatMap((issue) => findingsOf(schema, part, issue));
  return { value: undefined, findings };
}

const SECRET_KEYS: ReadonlySet<string> = new Set(["password", "passphrase"]);

type Part = Parameters<typeof validate>[1];

function findingsOf(schema: z.ZodType, part: Part, issue: z.core.$ZodIssue): readonly Finding[] {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(schema, part, path, key));
  const missing = entryAt(part.tree, path) === undefined;
  const written = entryAt(part.tree, path)?.value;
  const text = missing ? "is missing" : issueText(issue, written?.kind);
  const at = missing
    ? placeOf(part.own ?? part.tree, path)
    : invalidKey(issue)
      ? keyPlace(part, path)
      : placeOf(part.tree, path);
  const hidden =
    path.some((step) => SECRET_KEYS.has(String(step))) && !missing
      ? { showUntil: hiddenFrom(written, at.column, at.width) }
      : {};
  return [{ at, text: `${pathText([...part.prefix, ...path])} ${text}`, ...hidden }];
}

function unknownKey(schema: z.ZodType, part: Part, path: ConfigPath, key: string): Finding {
  const entry = entryAt(part.tree, [...path, key]);
  const at = entry?.key ?? placeOf(part.tree, path);
  const suggestion = didYouMean(key, knownKeys(schema, path, entryAt(part.tree, path)?.value));
  // A word without a value, near no setting, may be a secret whose colon went astray.
  const stray = suggestion === "" && entry?.value.kind === "scalar" && entry.value.value === null;
  const text = `${pathText([...part.prefix, ...path, stray ? "" : key])} is not a setting${suggestion}`;
  return stray ? { at, text, showUntil: at.column } : { at, text };
}

function keyPlace(part: Part, path: ConfigPath) {
  return entryAt(part.tree, path)?.key ?? placeOf(part.tree, path);
}

function invalidKey(issue: z.core.$ZodIssue): boolean {
  return issue.code === "invalid_key";
}

/** A scalar below `password` is hidden itself, a map only what follows its key. */
function hiddenFrom(written: Located | undefined, column: number, width: number): number {
  return written?.kind === "scalar" ? column : column + width;
}

function issueText(issue: z.core.$ZodIssue, written: Located["kind"] | undefined): string {
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? "is not a valid name";
  if (issue.code !== "invalid_type") return issue.message;
  if (issue.expected === "object" || issue.expected === "record") {
    return issue.message.startsWith("must") ? issue.message : "must be a map of settings";
  }
  return written === "map" || written === "list" ? `must be a single value, not a ${written}` : issue.message;
}

/** `databases.PROD1.backup.parallel`; a list's item is `include[2]`, a name with other characters is not shown, it may be a mistyped secret. */
export function pathText(path: ConfigPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    const shown = /^[\w$#-]{1,64}$/.test(step) ? step : '"…"';
    return text === "" ? shown : `${text}.${shown}`;
  }, "");
}

interface JsonSchemaNode {
  readonly properties?: Readonly<Record<string, JsonSchemaNode>>;
  readonly additionalProperties?: JsonSchemaNode | boolean;
  readonly const?: unknown;
  /** One of several shapes, told from each other by constants. */
  readonly oneOf?: readonly JsonSchemaNode[];
}

function knownKeys(schema: z.ZodType, path: ConfigPath, written: Located | undefined): readonly string[] {
  let node: JsonSchemaNode | undefined = z.toJSONSchema(schema, { io: "input" }) as JsonSchemaNode;
  for (const step of path) {
    const other: JsonSchemaNode | boolean | undefined = node?.additionalProperties;
    node = node?.properties?.[String(step)] ?? (typeof other === "object" ? other : undefined);
  }
  const shape = node?.oneOf?.find((one) => hasConstants(one, written)) ?? node;
  return Object.keys(shape?.properties ?? {});
}

function hasConstants({ properties = {} }: JsonSchemaNode, written: Located | undefined): boolean {
  return Object.entries(properties).every(([key, { const: wanted }]) => {
    const value = entryAt(written, [key])?.value;
    return wanted === undefined || (value?.kind === "scalar" && value.value === wanted);
  });
}

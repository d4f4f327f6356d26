import { mapAt } from "./documents.ts";
import { entryAt, type Located, type LocatedEntry, overlay, without } from "./located.ts";
import type { Finding } from "./problem.ts";
import { builtIn, IDENTITY_KEYS } from "./schema.ts";
import { didYouMean } from "./suggest.ts";

/** File name of settings that nobody wrote: `--explain` shows it as the origin. */
export const BUILT_IN = "built in";

/**
 * One database with everything it inherits: built-in values, `defaults`, the databases it is `like`, then its own.
 * Where `like` leads nowhere or in a circle: a finding, and what is known without it.
 */
export function inherited(tree: Located, name: string): { tree: Located; findings: readonly Finding[] } {
  const chain: Located[] = [];
  const findings: Finding[] = [];
  for (const { name: link, entry } of likeChain(mapAt(tree, "databases"), name, findings)) {
    chain.unshift(without(entry, link === name ? ["like"] : IDENTITY_KEYS));
  }
  const defaults = entryAt(tree, ["defaults"])?.value;
  const layers = [builtInTree(builtIn), ...(defaults === undefined ? [] : [defaults]), ...chain];
  return { tree: layers.reduce(overlay), findings };
}

interface Link {
  readonly name: string;
  readonly entry: Located;
}

/** The database itself, the one it is like, and so on. */
function likeChain(
  databases: ReadonlyMap<string, LocatedEntry>,
  name: string,
  findings: Finding[],
): readonly Link[] {
  const links: Link[] = [];
  let entry = databases.get(name)?.value;
  let link = name;
  while (entry !== undefined) {
    links.push({ name: link, entry });
    const like: Located | undefined = entryAt(entry, ["like"])?.value;
    if (like?.kind !== "scalar" || typeof like.value !== "string") break;
    link = like.value;
    const wrong = wrongLike(
      databases,
      links.map((one) => one.name),
      link,
    );
    if (wrong !== undefined) {
      findings.push({ at: like.at, text: wrong });
      break;
    }
    entry = databases.get(link)?.value;
  }
  return links;
}

function wrongLike(
  databases: ReadonlyMap<string, unknown>,
  names: readonly string[],
  like: string,
): string | undefined {
  const last = names.at(-1) ?? "";
  if (names.includes(like)) {
    const circle = names.slice(names.indexOf(like));
    return `databases.${last}.like goes round in a circle: ${[...circle, like].join(" → ")}`;
  }
  if (databases.has(like)) return undefined;
  return `databases.${last}.like names no database: ${like}${didYouMean(like, databases.keys())}`;
}

function builtInTree(value: object): Located {
  const at = { file: BUILT_IN, line: 0, column: 0, width: 0 };
  const entries = Object.entries(value).map(
    ([key, inner]: [string, unknown]) =>
      [
        key,
        {
          key: at,
          value:
            typeof inner === "object" && inner !== null
              ? builtInTree(inner)
              : ({ kind: "scalar", at, value: inner } as const),
        },
      ] as const,
  );
  return { kind: "map", at, entries: new Map(entries) };
}

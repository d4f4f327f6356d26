import type { Facts } from "../domain/facts.ts";
import type { TablespaceReference } from "../domain/plan.ts";
import type { Refusal } from "../domain/refusal.ts";

export interface Selection {
  readonly tablespaces: readonly TablespaceReference[];
  readonly refusals: readonly Refusal[];
}

/**
 * What `--tablespaces` names: `USERS`, or `PDB1:USERS`. A name is taken exactly, and in upper case where there is none
 * so; one that several containers have needs its container.
 */
export function selectTablespaces(facts: Facts, wanted: readonly string[]): Selection {
  const tablespaces: TablespaceReference[] = [];
  const refusals: Refusal[] = [];
  for (const name of wanted) {
    const found = find(facts, name);
    const [only] = found;
    if (only === undefined) refusals.push(unknown(facts, name));
    else if (found.length > 1) refusals.push(ambiguous(name, found));
    else if (!tablespaces.some((one) => same(one, only))) tablespaces.push(only);
  }
  return { tablespaces, refusals };
}

export function same(a: TablespaceReference, b: TablespaceReference): boolean {
  return a.container === b.container && a.tablespace === b.tablespace;
}

function find(facts: Facts, text: string): readonly TablespaceReference[] {
  const exact = matching(facts, text);
  return exact.length > 0 ? exact : matching(facts, text.toUpperCase());
}

function matching(facts: Facts, text: string): readonly TablespaceReference[] {
  const all = new Map<string, TablespaceReference>();
  for (const { container, tablespace } of facts.datafiles) {
    if (text === tablespace || text === `${container}:${tablespace}`) {
      all.set(`${container}:${tablespace}`, { container, tablespace });
    }
  }
  return [...all.values()];
}

function unknown(facts: Facts, name: string): Refusal {
  const temporary = facts.tempfiles.some(
    (file) => file.tablespace === name || file.tablespace === name.toUpperCase(),
  );
  if (temporary) {
    const seen = `the tablespace ${name} is temporary: it has nothing to back up`;
    return {
      code: "UMB-3111",
      rule: 32,
      seen,
      todo: "leave it out; its files are recorded, and made again at restore",
    };
  }
  const known = [...new Set(facts.datafiles.map((file) => `${file.container}:${file.tablespace}`))];
  return {
    code: "UMB-3111",
    seen: `no tablespace with datafiles is called ${name}`,
    todo: `name one of ${known.join(", ")}`,
  };
}

function ambiguous(name: string, found: readonly TablespaceReference[]): Refusal {
  return {
    code: "UMB-3111",
    rule: 101,
    seen: `several containers have a tablespace ${name}`,
    todo: `say which: ${found.map((one) => `${one.container}:${one.tablespace}`).join(" or ")}`,
  };
}

import type { ContainerFacts } from "../domain/facts.ts";
import type { ContainerName, FilePath } from "../domain/names.ts";
import { oraCodeOf } from "../errors/database-error.ts";
import type { CallOptions, Database, DatabaseConnector } from "../ports/database.ts";
import { isOpen } from "./identity.ts";
import { readTablespaceStates, type TablespaceStates } from "./tablespaces.ts";
import { readGrowingTempfiles } from "./tempfiles.ts";

export interface DictionaryFacts {
  readonly states: TablespaceStates;
  readonly growing: ReadonlySet<FilePath>;
}

/** The container was closed, or dropped, after it was seen open: not open, not in this database, no such container. */
const CLOSED_MEANWHILE = new Set([1109, 1219, 65_011, 65_054]);

/** What the dictionaries say, by container, each over a session of its own (rule 106). Containers not open are left out. */
export async function readDictionaries(
  connector: DatabaseConnector,
  containers: readonly ContainerFacts[],
  options: { readonly connect: CallOptions; readonly statement: CallOptions },
): Promise<ReadonlyMap<ContainerName, DictionaryFacts>> {
  const found = new Map<ContainerName, DictionaryFacts>();
  for (const { name } of containers.filter((one) => isOpen(one.openMode))) {
    try {
      await using db = await connector.connect({ ...options.connect, container: name });
      found.set(name, await readDictionary(db, options.statement));
    } catch (error) {
      if (!CLOSED_MEANWHILE.has(oraCodeOf(error) ?? 0)) throw error;
    }
  }
  return found;
}

async function readDictionary(db: Database, options: CallOptions): Promise<DictionaryFacts> {
  const states = await readTablespaceStates(db, options);
  return { states, growing: await readGrowingTempfiles(db, options) };
}

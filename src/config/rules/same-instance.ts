import type { Draft, DraftDatabase } from "../draft.ts";
import type { Finding } from "../problem.ts";

/** Two databases with one instance: a cold backup of either would stop the other. */
export function sameInstance({ databases }: Draft): readonly Finding[] {
  const first = new Map<string, string>();
  return databases.flatMap((database) => {
    const { name, place } = database;
    const instance = instanceText(database);
    if (instance === undefined) return [];
    const other = first.get(instance);
    first.set(instance, other ?? name);
    if (other === undefined) return [];
    return [
      { at: place(["instance"]), text: `databases.${name}.instance is that of databases.${other} too` },
    ];
  });
}

/** On one host a SID and a DB_UNIQUE_NAME are there once, whatever the ORACLE_HOME. */
function instanceText({ host = "", instance }: DraftDatabase): string | undefined {
  if (instance?.by === "sqlplus") return `${host} sid ${instance.sid}`;
  if (instance?.by === "srvctl") return `${host} unique name ${instance["unique-name"].toLowerCase()}`;
  return undefined;
}

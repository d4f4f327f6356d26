import type { Draft } from "../draft.ts";
import { BUILT_IN } from "../inherit.ts";
import type { Located } from "../located.ts";
import { entryAt } from "../located.ts";
import type { Finding } from "../problem.ts";
import { KEEP_RULES } from "../retention-schema.ts";

/** A policy that only says how the removal goes about would remove nearly everything. */
export function retentionKeepsSomething({ databases }: Draft): readonly Finding[] {
  return databases.flatMap(({ name, tree, place }) => {
    const retention = entryAt(tree, ["retention"])?.value;
    if (retention === undefined || !isWritten(retention)) return [];
    if (KEEP_RULES.some((rule) => entryAt(retention, [rule]) !== undefined)) return [];
    const rules = `${KEEP_RULES.slice(0, -1).join(", ")} or ${KEEP_RULES.at(-1)}`;
    return [
      {
        at: place(["retention"]),
        text: `databases.${name}.retention does not say what stays: give ${rules}`,
      },
    ];
  });
}

function isWritten(retention: Located): boolean {
  if (retention.kind !== "map") return false;
  return [...retention.entries.values()].some(({ value }) => value.at.file !== BUILT_IN);
}

import { formatUtc } from "../../domain/instant.ts";
import type { KeptHold } from "../../state/holds.ts";
import { table } from "../table.ts";

export function holdsText(holds: readonly KeptHold[]): string {
  if (holds.length === 0) return "Nothing is held.";
  return table(
    [
      { title: "HOLD", value: ({ id }) => id },
      { title: "OBJECT", value: ({ object }) => object },
      { title: "OWNER", value: ({ owner }) => owner },
      { title: "SINCE", value: ({ addedAt }) => seconds(addedAt) },
      {
        title: "UNTIL",
        value: ({ expiresAt }) => (expiresAt === undefined ? "released" : seconds(expiresAt)),
      },
      { title: "REASON", value: ({ reason }) => reason },
    ],
    holds,
  );
}

export function holdData({ addedAt, expiresAt, ...hold }: KeptHold): object {
  const expires = expiresAt === undefined ? {} : { expiresAt: formatUtc(expiresAt) };
  return { ...hold, addedAt: formatUtc(addedAt), ...expires };
}

function seconds(at: KeptHold["addedAt"]): string {
  return formatUtc(at).replace(/\.\d+Z$/, "Z");
}

import { placeText } from "../documents.ts";
import type { Draft } from "../draft.ts";
import type { Finding } from "../problem.ts";

/** `user/password@host` and a descriptor with PASSWORD= would put the secret into logs and error texts. */
export function passwordInConnectString(draft: Draft): readonly Finding[] {
  const wrong = draft.databases.filter(({ connectString }) => holdsPassword(connectString ?? ""));
  // An inherited string is wrong in one place, however many databases have it.
  const byPlace = new Map(wrong.toReversed().map((one) => [placeText(one.place(["connect"])), one]));
  return [...byPlace.values()].map(({ name, place }) => {
    const at = place(["connect"]);
    const text = `databases.${name}.connect must not hold a user or a password: give them in user and password`;
    return { at, text, showUntil: at.column };
  });
}

function holdsPassword(connectString: string): boolean {
  return connectString.includes("@") || /\bpassword\s*=/i.test(connectString);
}

import { placeText } from "../documents.ts";
import type { Draft } from "../draft.ts";
import type { Finding } from "../problem.ts";

/** `user/password@host` and a descriptor with PASSWORD= would put the secret into logs and error texts. */
export function passwordInConnectString(draft: Draft): readonly Finding[] {
  const wrong = draft.databases.flatMap(({ name, connectString, instance, place }) => {
    const ofInstance = instance?.by === "oracledb" ? instance.connect : undefined;
    const strings = [
      { setting: `databases.${name}.connect`, value: connectString, at: place(["connect"]) },
      {
        setting: `databases.${name}.instance.connect`,
        value: ofInstance,
        at: place(["instance", "connect"]),
      },
    ];
    return strings.filter(({ value }) => holdsPassword(value ?? ""));
  });
  // An inherited string is wrong in one place, however many databases have it.
  const byPlace = new Map(wrong.toReversed().map((one) => [placeText(one.at), one]));
  return [...byPlace.values()].map(({ setting, at }) => {
    const text = `${setting} must not hold a user or a password: give them in user and password`;
    return { at, text, showUntil: at.column };
  });
}

function holdsPassword(connectString: string): boolean {
  return connectString.includes("@") || /\bpassword\s*=/i.test(connectString);
}

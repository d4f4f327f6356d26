import type { Draft } from "../draft.ts";
import type { Finding } from "../problem.ts";
import { didYouMean } from "../suggest.ts";

/** A standby is another database of the configuration, and is asked once. */
export function standbysOfOthers({ databases }: Draft): readonly Finding[] {
  const known = databases.map(({ name }): string => name);
  return databases.flatMap(({ name, standbys, place }) =>
    standbys.flatMap((standby, index) => {
      const at = place(["standbys", index]);
      const setting = `databases.${name}.standbys`;
      if (standby === name) return [{ at, text: `${setting} names the database itself` }];
      if (standbys.indexOf(standby) < index) return [{ at, text: `${setting} names ${standby} twice` }];
      if (known.includes(standby)) return [];
      const others = known.filter((one) => one !== name);
      return [{ at, text: `${setting} names no database: ${standby}${didYouMean(standby, others)}` }];
    }),
  );
}

import type { Draft } from "../draft.ts";
import type { Finding } from "../problem.ts";

/** The way to a host ends at this machine: `via` must not come back to where it was. */
export function wayToHost({ hosts }: Draft): readonly Finding[] {
  return [...hosts.configs.values()].flatMap(({ name }) => {
    const way = [name];
    let via = hosts.configs.get(name)?.via;
    while (via !== undefined && !way.includes(via)) {
      way.push(via);
      via = hosts.configs.get(via)?.via;
    }
    // Who only leads into a circle is told nothing: those in it are.
    if (via !== name) return [];
    const text =
      way.length === 1
        ? `hosts.${name}.via is the host itself`
        : `hosts.${name}.via goes round in a circle: ${[...way, name].join(" → ")}`;
    return [{ at: hosts.place([name, "via"]), text }];
  });
}

import { HERE } from "../../domain/fleet.ts";
import type { Draft } from "../draft.ts";
import type { Finding } from "../problem.ts";

/** The word is taken: it means this machine. */
export function hostNamedHere({ hosts }: Draft): readonly Finding[] {
  if (!hosts.names.includes(HERE)) return [];
  const text = `hosts.${HERE} must have another name: ${HERE} means this machine`;
  return [{ at: hosts.keyPlace(HERE), text }];
}

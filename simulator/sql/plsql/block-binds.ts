import type { Bind, OutBind } from "../../engine/engine.ts";
import type { SqlValue } from "../../engine/values.ts";
import type { BindValues } from "../binds.ts";
import { fail } from "../errors.ts";
import type { Token } from "../syntax/tokens.ts";

interface BindState {
  value: SqlValue;
  read: boolean;
  assigned: boolean;
}

/** Binds of a block: one value for each name, in order of first appearance. What is only assigned is OUT. */
export class BlockBinds implements BindValues {
  readonly #names: string[] = [];
  readonly #byOccurrence: readonly string[];
  readonly #states = new Map<string, BindState>();

  constructor(tokens: readonly Token[], binds: readonly Bind[]) {
    this.#byOccurrence = tokens.filter((token) => token.kind === "bind").map((token) => token.value);
    for (const name of new Set(this.#byOccurrence)) {
      const bind =
        binds.find((candidate) => candidate.name?.toUpperCase() === name.toUpperCase()) ??
        binds[this.#names.length];
      if (bind === undefined) throw fail(1008);
      this.#names.push(name);
      this.#states.set(name, { value: bind.value, read: false, assigned: false });
    }
    if (binds.length > this.#names.length) throw fail(1036);
    this.#findDirections(tokens);
  }

  /** Read from the text, so that the answer does not depend on which branch runs. */
  #findDirections(tokens: readonly Token[]): void {
    let into = false;
    for (const [index, token] of tokens.entries()) {
      into = isInto(into, token, tokens[index - 1]);
      const state = token.kind === "bind" ? this.#states.get(token.value) : undefined;
      if (state === undefined) continue;
      const assigned = into || tokens[index + 1]?.value === ":=" || isOpen(tokens[index - 1]);
      state.assigned ||= assigned;
      state.read ||= !assigned;
    }
  }

  value(occurrence: number): SqlValue {
    const name = this.#byOccurrence[occurrence];
    if (name === undefined) throw fail(1008);
    return this.named(name);
  }

  named(name: string): SqlValue {
    return this.#states.get(name)?.value ?? null;
  }

  assign(name: string, value: SqlValue): void {
    const state = this.#states.get(name);
    if (state !== undefined) state.value = value;
  }

  /** Values that go back, by position. */
  out(): Map<number, OutBind> {
    const out = new Map<number, OutBind>();
    for (const [position, name] of this.#names.entries()) {
      const state = this.#states.get(name);
      if (state?.assigned)
        out.set(position, { direction: state.read ? "in-out" : "out", value: state.value });
    }
    return out;
  }
}

/** True inside the list of an INTO that takes values; INSERT INTO is none. */
function isInto(before: boolean, token: Token, previous: Token | undefined): boolean {
  if (token.kind === "op" && token.value === ";") return false;
  if (token.kind !== "word") return before;
  if (token.value === "INTO") return previous?.value !== "INSERT";
  return before && token.value !== "FROM" && token.value !== "USING";
}

/** OPEN :cursor FOR …. */
function isOpen(previous: Token | undefined): boolean {
  return previous?.kind === "word" && previous.value === "OPEN";
}

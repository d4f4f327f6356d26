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
      if (token.kind === "word")
        into =
          token.value === "INTO"
            ? !(tokens[index - 1]?.value === "INSERT")
            : into && token.value !== "FROM" && token.value !== "USING";
      if (token.kind === "op" && token.value === ";") into = false;
      const state = token.kind === "bind" ? this.#states.get(token.value) : undefined;
      if (state === undefined) continue;
      const before = tokens[index - 1];
      const assigned =
        into || tokens[index + 1]?.value === ":=" || (before?.kind === "word" && before.value === "OPEN");
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

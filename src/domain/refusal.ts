/** Why a plan was not made: the rule, what was seen, what to do. A value, never thrown. */
export interface Refusal {
  /** Code of the error catalogue: it decides the exit class. */
  readonly code: string;
  /** Number in the rules of Oracle backup (docs/rules.md). */
  readonly rule?: number;
  readonly seen: string;
  readonly todo: string;
}

/** Something the user should know although the plan is made. */
export interface Warning {
  readonly rule?: number;
  readonly seen: string;
  readonly todo: string;
}

export type Planned<P> =
  | { readonly ok: true; readonly plan: P; readonly warnings: readonly Warning[] }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

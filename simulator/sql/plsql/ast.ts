import type { Expression, Query } from "../syntax/ast.ts";
import type { ResultType } from "../translate/types.ts";

/** A variable or a bind that takes a value. */
export type Target = Extract<Expression, { kind: "name" | "bind" }>;

export interface Block {
  readonly declarations: readonly {
    readonly name: string;
    readonly type: ResultType;
    readonly initial: Expression | undefined;
    readonly position: number;
  }[];
  readonly body: readonly Instruction[];
  readonly handlers: readonly { readonly names: readonly string[]; readonly body: readonly Instruction[] }[];
}

/** One statement of PL/SQL; `position` is where it begins, for line numbers. */
export type Instruction = { readonly position: number } & (
  | { readonly kind: "null" | "commit" | "rollback" | "return" | "reraise" }
  | { readonly kind: "block"; readonly block: Block }
  | { readonly kind: "assign"; readonly target: Target; readonly value: Expression }
  | {
      readonly kind: "if";
      readonly branches: readonly { readonly when: Expression; readonly body: readonly Instruction[] }[];
      readonly otherwise: readonly Instruction[];
    }
  | {
      readonly kind: "loop";
      readonly condition: Expression | undefined;
      readonly body: readonly Instruction[];
    }
  | {
      readonly kind: "range";
      readonly name: string;
      readonly from: Expression;
      readonly to: Expression;
      readonly reverse: boolean;
      readonly body: readonly Instruction[];
    }
  | {
      readonly kind: "rows";
      readonly name: string;
      readonly query: Query;
      readonly body: readonly Instruction[];
    }
  | { readonly kind: "exit"; readonly condition: Expression | undefined }
  | { readonly kind: "raise"; readonly name: string }
  | { readonly kind: "open"; readonly target: Target; readonly query: Query | Expression }
  | { readonly kind: "select"; readonly query: Query; readonly into: readonly Target[] }
  | { readonly kind: "dml"; readonly sql: string }
  | {
      readonly kind: "execute";
      readonly sql: Expression;
      readonly into: readonly Target[];
      readonly using: readonly Expression[];
    }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
);

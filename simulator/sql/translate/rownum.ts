import type { Expression } from "../syntax/ast.ts";

export interface RowLimit {
  readonly count: Expression;
  /** ROWNUM < n. */
  readonly exclusive: boolean;
}

/** Takes `ROWNUM <= n`, `ROWNUM < n` and `ROWNUM = 1` out of a condition: they limit the rows that the rest lets through. */
export function splitRownum(where: Expression | undefined): { condition?: Expression; limit?: RowLimit } {
  if (where === undefined) return {};
  if (where.kind === "compare" && isRownum(where.left) && ["<", "<=", "="].includes(where.operator)) {
    return { limit: { count: where.right, exclusive: where.operator === "<" } };
  }
  if (where.kind !== "binary" || where.operator !== "AND") return { condition: where };
  const left = splitRownum(where.left);
  const right = splitRownum(where.right);
  const limit = left.limit ?? right.limit;
  const condition: Expression | undefined =
    left.condition && right.condition
      ? { kind: "binary", operator: "AND", left: left.condition, right: right.condition }
      : (left.condition ?? right.condition);
  return { ...(condition && { condition }), ...(limit && { limit }) };
}

function isRownum(expression: Expression): boolean {
  return expression.kind === "name" && expression.parts.length === 1 && expression.parts[0] === "ROWNUM";
}

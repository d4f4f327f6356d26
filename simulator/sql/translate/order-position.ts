import { fail } from "../errors.ts";
import type { OrderItem } from "../syntax/ast.ts";

/** Place in the select list, from 1, that an ORDER BY item names; undefined where it is an expression of its own. */
export function outputPosition(
  item: OrderItem,
  columns: readonly { readonly name: string }[],
): number | undefined {
  const { expression } = item;
  if (expression.kind === "number") {
    const position = Number(expression.value);
    if (position < 1 || position > columns.length) throw fail(1785);
    return position;
  }
  if (expression.kind !== "name" || expression.parts.length !== 1) return undefined;
  const index = columns.findIndex((column) => column.name === expression.parts[0]);
  return index < 0 ? undefined : index + 1;
}

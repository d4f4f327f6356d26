import type { Expression, OrderItem, Query } from "./ast.ts";
import { parseExpression, startsQuery } from "./expression-parser.ts";
import { parseOrderItems, parseQuery } from "./query-parser.ts";
import { TokenCursor } from "./token-cursor.ts";

/** A cursor that knows the grammar of queries: the parsers of its parts call each other through it. */
export class Parser extends TokenCursor {
  /** PL/SQL: SELECT … INTO targets FROM …. */
  intoAllowed = false;
  into: readonly Expression[] | undefined;

  expression(): Expression {
    return parseExpression(this);
  }

  /** Values separated by commas, at least one. */
  list(): Expression[] {
    const list = [this.expression()];
    while (this.acceptOp(",")) list.push(this.expression());
    return list;
  }

  orderItems(): OrderItem[] {
    return parseOrderItems(this);
  }

  query(): Query {
    return parseQuery(this);
  }

  parenthesisedQuery(): Query {
    this.expectOp("(", 906);
    const query = this.query();
    this.expectOp(")", 907);
    return query;
  }

  /** True where the tokens from `ahead` on begin a query, also behind further parentheses. */
  startsQuery(ahead = 0): boolean {
    return startsQuery(this, ahead);
  }
}

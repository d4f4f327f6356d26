import type { Expression, Query } from "../syntax/ast.ts";
import type { Scope, TranslatedQuery, Translation, TranslationEnvironment } from "./context.ts";
import { translateExpression } from "./expressions.ts";
import { translateQuery } from "./queries.ts";
import type { Typed } from "./types.ts";

/** Turns parsed queries and expressions into SQL for SQLite. One for each statement. */
export class Translator implements Translation {
  readonly environment: TranslationEnvironment;
  #aliases = 0;

  constructor(environment: TranslationEnvironment) {
    this.environment = environment;
  }

  expression(expression: Expression, scope: Scope): Typed {
    return translateExpression(this, expression, scope);
  }

  query(query: Query, outer: Scope | undefined): TranslatedQuery {
    return translateQuery(this, query, outer);
  }

  nextAlias(): string {
    this.#aliases += 1;
    return `s${this.#aliases}`;
  }
}

/** The scope of an expression that stands alone. */
export const emptyScope: Scope = { sources: [], named: new Map(), pseudo: {} };

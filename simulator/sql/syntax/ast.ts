/** What the query parser makes of a statement. Positions are offsets in the statement, for error messages. */
export type Expression =
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "number"; readonly value: string }
  | { readonly kind: "null" }
  | {
      readonly kind: "moment";
      readonly type: "DATE" | "TIMESTAMP";
      readonly value: string;
      readonly position: number;
    }
  | { readonly kind: "interval"; readonly value: string; readonly unit: string }
  | { readonly kind: "bind"; readonly name: string; readonly occurrence: number; readonly position: number }
  | { readonly kind: "name"; readonly parts: readonly string[]; readonly position: number }
  | CallExpression
  | { readonly kind: "negate"; readonly operand: Expression }
  | { readonly kind: "not"; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "compare";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly quantifier?: "ANY" | "ALL";
    }
  | {
      readonly kind: "case";
      readonly operand?: Expression;
      readonly branches: readonly { readonly when: Expression; readonly result: Expression }[];
      readonly otherwise?: Expression;
    }
  | {
      readonly kind: "in";
      readonly operand: Expression;
      readonly list: readonly Expression[] | Query;
      readonly negated: boolean;
    }
  | {
      readonly kind: "between";
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly negated: boolean;
    }
  | {
      readonly kind: "like";
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape?: Expression;
      readonly negated: boolean;
    }
  | { readonly kind: "is-null"; readonly operand: Expression; readonly negated: boolean }
  | { readonly kind: "exists"; readonly query: Query }
  | { readonly kind: "subquery"; readonly query: Query }
  | { readonly kind: "row"; readonly items: readonly Expression[] }
  | { readonly kind: "cast"; readonly operand: Expression; readonly type: TypeName }
  | { readonly kind: "extract"; readonly field: string; readonly operand: Expression }
  | { readonly kind: "zone"; readonly operand: Expression; readonly zone: Expression | "LOCAL" };

export type BinaryOperator = "+" | "-" | "*" | "/" | "||" | "AND" | "OR";

export interface CallExpression {
  readonly kind: "call";
  readonly parts: readonly string[];
  readonly arguments: readonly Expression[];
  readonly star: boolean;
  readonly distinct: boolean;
  readonly withinGroup?: readonly OrderItem[];
  readonly over?: Window;
  readonly position: number;
}

export interface Window {
  readonly partition: readonly Expression[];
  readonly order: readonly OrderItem[];
  /** ROWS BETWEEN …, as written. */
  readonly frame?: string;
}

export interface TypeName {
  readonly name: string;
  readonly sizes: readonly number[];
}

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nulls: "FIRST" | "LAST";
}

export interface Query {
  readonly with: readonly {
    readonly name: string;
    readonly columns: readonly string[];
    readonly query: Query;
  }[];
  readonly body: QueryBody;
  readonly order: readonly OrderItem[];
  readonly offset?: Expression;
  readonly count?: Expression;
  readonly forUpdate: boolean;
}

export type QueryBody =
  | SelectBlock
  | {
      readonly kind: "set";
      readonly operator: "UNION" | "UNION ALL" | "INTERSECT" | "MINUS";
      readonly left: QueryBody;
      readonly right: QueryBody;
    }
  | { readonly kind: "nested"; readonly query: Query };

export interface SelectBlock {
  readonly kind: "select";
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from: readonly FromItem[];
  readonly where?: Expression;
  readonly connectBy?: Expression;
  readonly group: readonly Expression[];
  readonly having?: Expression;
}

export type SelectItem =
  | { readonly kind: "star"; readonly table?: string; readonly position: number }
  | { readonly kind: "expression"; readonly expression: Expression; readonly name: string };

export type FromItem =
  | TableReference
  | { readonly kind: "derived"; readonly query: Query; readonly alias: string | undefined }
  | {
      readonly kind: "join";
      readonly type: "INNER" | "LEFT" | "RIGHT" | "FULL" | "CROSS";
      readonly left: FromItem;
      readonly right: FromItem;
      readonly on?: Expression;
      readonly using?: readonly string[];
    };

export interface TableReference {
  readonly kind: "table";
  readonly parts: readonly string[];
  readonly alias: string | undefined;
  readonly asOf?: { readonly unit: "SCN" | "TIMESTAMP"; readonly value: Expression };
  readonly position: number;
}
